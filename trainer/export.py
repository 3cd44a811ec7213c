"""Makes a Hugging Face folder out of a checkpoint: `python -m trainer.export CHECKPOINT OUT [--dtype bfloat16]`.

`transformers` loads the folder, vLLM serves it, llama.cpp's converter takes it. Tokenizer files are copied in from
--tokenizer, as the trainer knows token ids only.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from .checkpoint import CONFIG, WEIGHTS, verify
from .errors import RunError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def export(checkpoint: Path, out: Path, *, dtype: str = "bfloat16", tokenizer: Path | None = None) -> None:
    """Writes `out`, which must not exist, whole or not at all. Raises RunError."""
    meta = verify(checkpoint)
    if out.exists():
        raise RunError(f"{out}: exists already; remove it or name another folder")
    temporary = out.with_name(out.name + ".tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        weights = {name: t.to(DTYPES[dtype]) for name, t in load_file(checkpoint / WEIGHTS).items()}
        save_file(weights, temporary / WEIGHTS, metadata={"format": "pt"})
        config: dict[str, Any] = json.loads((checkpoint / CONFIG).read_text("utf-8")) | {"torch_dtype": dtype}
        (temporary / CONFIG).write_text(json.dumps(config, indent=1), "utf-8")
        about = {"run": meta["run"], "step": meta["step"], "provenance": meta["provenance"]}
        (temporary / "training.json").write_text(json.dumps(about, indent=1), "utf-8")
        for file in tokenizer.iterdir() if tokenizer else []:
            shutil.copy(file, temporary)
        os.rename(temporary, out)
    except (OSError, RuntimeError, SafetensorError) as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise RunError(f"{out}: export failed: {error}") from error


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "python -m trainer.export", description="A Hugging Face folder out of a checkpoint."
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dtype", choices=list(DTYPES), default="bfloat16")
    parser.add_argument("--tokenizer", type=Path, help="folder whose files are copied in")
    options = parser.parse_args(argv)
    try:
        export(options.checkpoint, options.out, dtype=options.dtype, tokenizer=options.tokenizer)
        return 0
    except RunError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

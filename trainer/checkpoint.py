"""Checkpoints: folders that appear whole or not at all, are checked before use, and hold all that a resumed run needs.

out/checkpoints/step-00001000/: model.safetensors (float32, Hugging Face names), config.json, state.pt (optimiser and
random state) and meta.json (step, what the run is, SHA-256 of the other files). A run continues bit for bit from it.
"""

import json
import os
import pickle
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import nn

from .config import RunConfig
from .distributed import World, fill, parameters, whole
from .errors import RunError
from .hf import Weights, cpu_copy, hf_config
from .optim import Optimizer
from .shards import sha256_of

FORMAT_VERSION = 1
WEIGHTS, CONFIG, STATE, META = "model.safetensors", "config.json", "state.pt", "meta.json"


def identity(config: RunConfig) -> dict[str, Any]:
    """What must not change between the parts of one run; steps, rates and the like may."""
    return {
        "model": asdict(config.model.shape()),
        "context": config.model.context,
        "seed": config.seed,
        "rows": config.batch.rows,
    }


def checkpoints(out: Path) -> list[Path]:
    """Complete checkpoints of a run, oldest first."""
    return sorted(p for p in (out / "checkpoints").glob("step-*") if p.suffix == "" and p.is_dir())


def save(model: nn.Module, optimizer: Optimizer, *, config: RunConfig, step: int, world: World) -> Path:
    """Writes the state after `step` steps; all processes must call it, the first writes.

    Raises RunError when it cannot be written; older checkpoints are then as they were.
    """
    weights = {}
    for name, p in parameters(model):
        value = whole(p.detach())
        if world.leads:
            weights[name] = cpu_copy(value)
    state = {"optimizer": optimizer.state(), "rng": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["rng_cuda"] = torch.cuda.get_rng_state()
    folder = Path(config.out) / "checkpoints" / f"step-{step:08d}"
    if not world.leads or folder.exists():
        return folder
    temporary = folder.with_suffix(".tmp")
    try:
        _write(temporary, weights, state, config, step)
        os.rename(temporary, folder)
        _sync(folder.parent)
    # torch and safetensors report a full disk in exceptions of their own
    except (OSError, RuntimeError, SafetensorError) as error:
        shutil.rmtree(temporary, ignore_errors=True)
        good = checkpoints(Path(config.out))
        last = f"the last good one is {good[-1]}" if good else "there is none yet"
        raise RunError(f"checkpoint {folder} could not be written: {error}; {last}") from error
    for old in checkpoints(Path(config.out))[: -config.checkpoint.keep]:
        shutil.rmtree(old)
    return folder


def _write(folder: Path, weights: dict[str, torch.Tensor], state: dict[str, Any], config: RunConfig, step: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    torch.save(state, folder / STATE)
    (folder / CONFIG).write_text(json.dumps(hf_config(config.model, "float32"), indent=1), "utf-8")
    meta = {
        "version": FORMAT_VERSION,
        "step": step,
        "run": config.name,
        "identity": identity(config),
        "provenance": config.provenance,
        "sha256": {name: sha256_of(folder / name) for name in (WEIGHTS, CONFIG, STATE)},
    }
    (folder / META).write_text(json.dumps(meta, indent=1), "utf-8")
    for path in (*folder.iterdir(), folder):
        _sync(path)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def verify(folder: Path) -> dict[str, Any]:
    """meta.json of a checkpoint whose files are as they were written. Raises RunError naming what is damaged."""
    advice = "the checkpoint is corrupt: delete it, or resume from an older one with --resume FOLDER"
    try:
        meta: dict[str, Any] = json.loads((folder / META).read_text("utf-8"))
        hashes = {name: meta["sha256"][name] for name in (WEIGHTS, CONFIG, STATE)}
        version, _ = meta["version"], (meta["step"], meta["identity"])
    except OSError as error:
        raise RunError(f"{folder / META}: cannot be read: {error.strerror}; {advice}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"{folder / META}: is not what save writes: {error!r}; {advice}") from error
    if version != FORMAT_VERSION:
        raise RunError(f"{folder / META}: version {version}, wanted {FORMAT_VERSION}")
    for name, wanted in hashes.items():
        if (seen := sha256_of(folder / name)) != wanted:
            raise RunError(f"{folder / name}: sha256 {seen}, was {wanted} when written; {advice}")
    return meta


def load(folder: Path, model: nn.Module, optimizer: Optimizer, config: RunConfig) -> int:
    """Fills model and optimiser and sets the random state; returns the number of steps done. Raises RunError."""
    meta = verify(folder)
    now, then = identity(config), meta["identity"]
    for key, value in now.items():
        if then.get(key) != value:
            raise RunError(
                f"{folder}: its {key} is {then.get(key)}, run.json's is {value}; give the run a new 'out' folder"
            )
    weights = Weights(folder)
    fill(model, lambda _, name, p: weights.get(name, p))
    try:
        state = torch.load(folder / STATE, map_location="cpu", mmap=True, weights_only=True)
        optimizer.load_state(state["optimizer"])
    except (RuntimeError, KeyError, pickle.UnpicklingError) as error:
        raise RunError(f"{folder / STATE}: does not fit this run's optimiser: {error!r}") from error
    torch.set_rng_state(state["rng"].clone())
    if torch.cuda.is_available() and "rng_cuda" in state:
        torch.cuda.set_rng_state(state["rng_cuda"].clone())
    return int(meta["step"])


def choose(out: Path, resume: str) -> Path | None:
    """The checkpoint to start from: "auto" is the newest or none, "never" refuses a folder that has some."""
    found = checkpoints(out)
    if resume == "auto":
        return found[-1] if found else None
    if resume == "never":
        if found:
            raise RunError(f"{out}: has checkpoints up to {found[-1].name}; use --resume auto, or another 'out' folder")
        return None
    if not (Path(resume) / META).exists():
        raise RunError(f"{resume}: is no checkpoint; found {', '.join(p.name for p in found) or 'none'} in {out}")
    return Path(resume)

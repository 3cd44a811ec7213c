"""Hugging Face's side of a model: config.json, and weights in safetensors under Hugging Face's names."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from .config import ModelConfig
from .errors import RunError


def hf_config(model: ModelConfig, dtype: str) -> dict[str, Any]:
    """config.json of a LlamaForCausalLM; `dtype` is torch's name. Special tokens belong to the tokenizer's files."""
    s = model.shape()
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": s.vocabulary,
        "hidden_size": s.hidden,
        "intermediate_size": s.ffn,
        "num_hidden_layers": s.layers,
        "num_attention_heads": s.heads,
        "num_key_value_heads": s.kv_heads,
        "head_dim": s.hidden // s.heads,
        "hidden_act": "silu",
        "max_position_embeddings": model.context,
        "rms_norm_eps": s.norm_eps,
        "rope_theta": s.rope_theta,
        "rope_scaling": None,
        "tie_word_embeddings": s.tied,
        "attention_bias": False,
        "mlp_bias": False,
        "bos_token_id": None,
        "eos_token_id": None,
        "torch_dtype": dtype,
    }


class Weights:
    """Tensors of a folder with model.safetensors, or with several files and their index, read one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        index = folder / "model.safetensors.index.json"
        try:
            names = (
                set(json.loads(index.read_text("utf-8"))["weight_map"].values())
                if index.exists()
                else {"model.safetensors"}
            )
            files = [safe_open(folder / name, framework="pt") for name in sorted(names)]
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise RunError(f"{folder}: its safetensors cannot be read: {error}") from error
        self.file_of = {key: f for f in files for key in f.keys()}  # noqa: SIM118 (safe_open is no mapping)

    def get(self, name: str, like: Tensor) -> Tensor:
        """One whole tensor, in `like`'s type. Raises RunError when it is missing or has another shape than `like`."""
        if name not in self.file_of:
            raise RunError(f"{self.folder}: has no weight '{name}'; is it of another architecture?")
        value: Tensor = self.file_of[name].get_tensor(name)
        if value.shape != like.shape:
            raise RunError(f"{self.folder}: '{name}' is {tuple(value.shape)}, this model's is {tuple(like.shape)}")
        return value.to(like.dtype)


def cpu_copy(t: Tensor) -> Tensor:
    """A contiguous copy on the CPU that owns its storage."""
    return t.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)

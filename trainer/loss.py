"""The output head and cross-entropy in one step, chunk by chunk.

The plain way keeps the logits of all positions in float32, twice: at 16,384 tokens and a vocabulary of 32,016 that is
4 GB. Here a chunk's logits live only until their gradient is known, which is worked out during the forward pass, in
place, and on a CPU in blocks that stay in the cache: their passes over main memory cost as much as the products.
"""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

LOGITS_PER_CHUNK = {"cpu": 2**25, "cuda": 2**26}  # 64 and 128 MiB of bf16: few additions to the gradient
LOGITS_PER_CPU_BLOCK = 2**18  # 1 MiB of float32: in a core's second-level cache


def _to_gradient(logits: Tensor, labels: Tensor) -> Tensor:
    """Turns logits (P, V) in place into the gradient of their summed cross-entropy; returns that sum in float32."""
    wide = logits.float()
    label = labels[:, None]
    chosen = wide.gather(1, label)
    top = wide.amax(-1, keepdim=True)
    p = wide.softmax(-1)
    # log-sum-exp without a second exp; the largest probability is at least 1 / V, so its logarithm is exact enough
    norm = top - p.amax(-1, keepdim=True).log()
    p.scatter_add_(1, label, p.new_full(label.shape, -1.0))
    logits.copy_(p)
    return (norm - chosen).sum()


@functools.cache
def _gradient_on(device: str) -> Callable[[Tensor, Tensor], Tensor]:
    """Fused on CUDA, where each pass over the logits is a pass over the GPU's memory; the last chunk has any length."""
    return torch.compile(_to_gradient, dynamic=True) if device == "cuda" else _to_gradient


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, labels: Tensor) -> Tensor:
        total = torch.zeros((), dtype=torch.float32, device=x.device)
        w, to_gradient = weight.to(x.dtype), _gradient_on(x.device.type)
        grad_x, grad_w = torch.empty_like(x), None
        rows = max(1, LOGITS_PER_CHUNK[x.device.type] // len(weight))
        block = max(1, LOGITS_PER_CPU_BLOCK // len(weight)) if x.device.type == "cpu" else rows
        for start in range(0, len(x), rows):
            part = slice(start, start + rows)
            logits = x[part] @ w.T
            for piece, label in zip(logits.split(block), labels[part].split(block), strict=True):
                total += to_gradient(piece, label)
            if any(ctx.needs_input_grad):
                torch.mm(logits, w, out=grad_x[part])
                grad = logits.T @ x[part]
                grad_w = grad.float() if grad_w is None else grad_w.add_(grad)
        ctx.save_for_backward(grad_x, torch.zeros_like(weight) if grad_w is None else grad_w)
        ctx.weight_dtype = weight.dtype
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        grad_x, grad_w = ctx.saved_tensors
        scale = grads[
            0
        ]  # in place, as nothing goes backward twice: a copy of the weight's gradient costs 4 % of a step
        return grad_x.mul_(scale.to(grad_x.dtype)), grad_w.mul_(scale).to(ctx.weight_dtype), None


def linear_cross_entropy(x: Tensor, weight: Tensor, labels: Tensor) -> Tensor:
    """Sum over positions of the cross-entropy of x @ weight.T, in nats. x (P, D), weight (V, D), labels (P,) int64."""
    out: Tensor = _LinearCrossEntropy.apply(x, weight, labels)
    return out

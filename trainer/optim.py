"""AdamW for embeddings and norms, AdamW or Muon for the hidden matrices, behind one small object."""

from collections.abc import Iterable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .config import OptimizerConfig
from .distributed import World, local, own_part, parameters, whole

# Quintic Newton-Schulz iteration (Keller Jordan's coefficients): singular values go to about 1 in five rounds.
NS_A, NS_B, NS_C, NS_ROUNDS = 3.4445, -4.7750, 2.0315, 5
STACK_ELEMENTS = 2**25  # of the matrices that a process orthogonalises at once: 64 MiB in bf16, a few times over


def orthogonalise(m: Tensor, dtype: torch.dtype) -> Tensor:
    """(N, R, C) -> (N, R, C), each with nearly the same singular vectors and all singular values near 1."""
    x = m.to(dtype)
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(NS_ROUNDS):
        gram = x @ x.mT
        x = NS_A * x + (NS_B * gram + NS_C * (gram @ gram)) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; scaled by 0.2 √max(R, C) so that a step is as large as one of AdamW.

    Matrices of one shape go together, as many as STACK_ELEMENTS lets: a small model has dozens, of a few microseconds
    each. With many processes each works out its share of a stack and broadcasts the updates.
    """

    def __init__(
        self, params: Iterable[nn.Parameter], config: OptimizerConfig, world: World, dtype: torch.dtype
    ) -> None:
        lr = config.muon_learning_rate or config.learning_rate
        super().__init__(params, {"lr": lr, "weight_decay": config.weight_decay, "momentum": config.muon_momentum})
        self.world, self.dtype = world, dtype

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    by_shape.setdefault(p.shape, []).append(p)
            for shape, params in by_shape.items():
                count = self.world.size * max(1, STACK_ELEMENTS // shape.numel())
                for start in range(0, len(params), count):
                    self._step_some(params[start : start + count], group)

    def _step_some(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        """Matrices of one shape: gather all, orthogonalise one's own, then hand round."""
        size, rank = self.world.size, self.world.rank
        updates = []
        for p in params:  # first all gathers, so that nobody waits for another's work
            buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
            buffer.lerp_(p.grad, 1 - group["momentum"])
            updates.append(whole(torch.lerp(p.grad, buffer, group["momentum"])))  # type: ignore[arg-type]
        if mine := updates[rank::size]:
            updates[rank::size] = orthogonalise(torch.stack(mine), self.dtype).unbind()
        for number, (p, update) in enumerate(zip(params, updates, strict=True)):
            given = update.to(self.dtype).contiguous()
            if size > 1:
                dist.broadcast(given, src=number % size)
            scale = 0.2 * max(p.shape) ** 0.5
            local(p).mul_(1 - group["lr"] * group["weight_decay"]).add_(own_part(given, p), alpha=-group["lr"] * scale)


class Optimizer:
    """All optimisers of a run as one; the state is keyed by parameter names, so it outlives a change of processes."""

    def __init__(self, model: nn.Module, config: OptimizerConfig, world: World, dtype: torch.dtype) -> None:
        self.names = {p: name for name, p in parameters(model)}
        matrices = [p for p, name in self.names.items() if p.ndim == 2 and ".layers." in name]
        others = [p for p in self.names if not any(p is m for m in matrices)]
        self.parts: list[torch.optim.Optimizer] = []
        groups = [{"params": others, "weight_decay": 0.0}]
        if config.name == "muon":
            self.parts.append(Muon(matrices, config, world, dtype))
        else:
            groups.insert(0, {"params": matrices, "weight_decay": config.weight_decay})
        betas = (config.beta1, config.beta2)
        self.parts.append(torch.optim.AdamW(groups, config.learning_rate, betas, config.eps, fused=True))
        for group in self._groups():
            group["base_lr"] = group["lr"]

    def _groups(self) -> list[dict[str, Any]]:
        return [group for part in self.parts for group in part.param_groups]

    def step(self, factor: float) -> None:
        """One step at `factor` times the base rates; gradients are freed."""
        for group in self._groups():
            group["lr"] = group["base_lr"] * factor
        for part in self.parts:
            part.step()
            part.zero_grad(set_to_none=True)

    def state(self) -> dict[str, dict[str, Tensor]]:
        """Parameter name -> whole tensors on the CPU. Every process must call it."""
        return {
            self.names[p]: {key: whole(t).cpu() for key, t in part.state[p].items()}
            for part in self.parts
            for group in part.param_groups
            for p in group["params"]
        }

    @torch.no_grad()
    def load_state(self, state: dict[str, dict[str, Tensor]]) -> None:
        """The inverse of `state`. Raises KeyError for a parameter that it lacks."""
        for part in self.parts:
            for group in part.param_groups:
                for p in group["params"]:
                    for key, value in state[self.names[p]].items():
                        part.state[p][key] = self._placed(p, value)

    @staticmethod
    def _placed(p: nn.Parameter, value: Tensor) -> Tensor:
        if value.shape != p.shape:  # a step counter
            return value.to(p.device, copy=True)
        placed = torch.zeros_like(p)
        local(placed).copy_(own_part(value, p))
        return placed

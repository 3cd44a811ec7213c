"""One process or many: the process group, FSDP2, and moving parameters between whole and sharded."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from .errors import RunError
from .model import Llama
from .processes import Others


@dataclass(frozen=True)
class World:
    """This process among all; `others` are those that it started."""

    rank: int
    size: int
    device: torch.device
    others: Others = field(default_factory=Others)

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def sum(self, *values: float) -> list[float]:
        """Each value summed over all processes, in float64."""
        if self.size == 1:
            return list(values)
        t = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(t)
        return [float(v) for v in t.tolist()]


def join(device: str, others: Others) -> World:
    """Joins the group of the environment variables (gloo on CPU, nccl on CUDA) or stays alone.

    Raises RunError when CUDA is asked for in vain.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise RunError('device is "cuda" but torch sees no GPU; install a CUDA build of torch or set device to "cpu"')
    cuda = device != "cpu" and torch.cuda.is_available()
    where = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(where)
    if "WORLD_SIZE" not in os.environ:
        return World(0, 1, where, others)
    dist.init_process_group("nccl" if cuda else "gloo")
    return World(dist.get_rank(), dist.get_world_size(), where, others)


def leave() -> None:
    """Together: a process that leaves while another still talks to it ends that one."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def shard_model(model: Llama, world: World) -> None:
    """FSDP2 over all processes, a layer at a time; weights stay float32, and are gathered in the model's dtype."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    mesh = init_device_mesh(world.device.type, (world.size,))
    policy = MixedPrecisionPolicy(param_dtype=model.dtype, reduce_dtype=torch.float32)
    for layer in model.model.layers:
        fully_shard(layer, mesh=mesh, mp_policy=policy)
    fully_shard(model, mesh=mesh, mp_policy=policy)


def whole(t: Tensor) -> Tensor:
    """The whole of a sharded tensor; every process must call it. Others come back as they are."""
    return t.full_tensor() if isinstance(t, DTensor) else t


def own_part(value: Tensor, like: Tensor) -> Tensor:
    """Of a whole value the part that `like` holds on this process (FSDP2 shards along dimension 0, as chunk does)."""
    if not isinstance(like, DTensor):
        return value
    parts, rank = value.chunk(like.device_mesh.size()), like.device_mesh.get_local_rank()
    return parts[rank] if rank < len(parts) else value[:0]


def local(t: Tensor) -> Tensor:
    """What this process holds of a tensor."""
    return t.to_local() if isinstance(t, DTensor) else t


def parameters(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    """Name and parameter, each once; the names are Hugging Face's, before and after sharding and compiling."""
    yield from model.named_parameters()


@torch.no_grad()
def fill(model: nn.Module, value_of: Callable[[int, str, Tensor], Tensor]) -> None:
    """Sets each parameter to `value_of(index, name, parameter)`, a whole tensor, one at a time to spare memory."""
    for index, (name, p) in enumerate(parameters(model)):
        local(p).copy_(own_part(value_of(index, name, p), p))

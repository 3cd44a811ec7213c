"""run.json as typed dataclasses. Strict: an unknown key, a wrong type or an impossible value is refused by its name.

Relative paths in run.json are relative to the folder of run.json, so that a run can be copied as a folder.
"""

import dataclasses
import json
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import ConfigError

T = TypeVar("T")

MAX_CONTEXT_TOKENS = 16_384
MAX_VOCABULARY = 65_536  # token ids are uint16 in shards

SizeName = Literal["nano", "mini", "small", "base", "large", "7b", "13b"]


@dataclass(frozen=True)
class Shape:
    """Geometry of a Llama model; the letters used in shapes elsewhere are D, L, H, K, F, V."""

    hidden: int  # D
    layers: int  # L
    heads: int  # H, query heads
    kv_heads: int  # K, key and value heads; H / K query heads share one
    ffn: int  # F
    vocabulary: int  # V
    tied: bool = True
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5


# Parameters with the vocabulary given here: 0.46 M, 5.5 M, 15.7 M, 59.0 M, 125.9 M, 6.74 B, 13.02 B.
# 7b and 13b are Code Llama's, from which the published LLM Compiler models were trained.
SIZES: dict[SizeName, Shape] = {
    "nano": Shape(64, 4, 4, 2, 192, 4096),
    "mini": Shape(256, 6, 4, 2, 704, 4096),
    "small": Shape(384, 8, 6, 2, 1024, 8192),
    "base": Shape(576, 14, 9, 3, 1536, 16_384),
    "large": Shape(768, 18, 12, 4, 2048, 16_384),
    "7b": Shape(4096, 32, 32, 32, 11_008, 32_016, tied=False, rope_theta=1e6),
    "13b": Shape(5120, 40, 40, 40, 13_824, 32_016, tied=False, rope_theta=1e6),
}


@dataclass(frozen=True)
class ModelConfig:
    """A size, and what differs from it. `context` is in tokens."""

    size: SizeName
    context: int
    vocabulary: int | None = None
    hidden: int | None = None
    layers: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    ffn: int | None = None
    tied: bool | None = None
    rope_theta: float | None = None

    def shape(self) -> Shape:
        """The size with the overrides applied."""
        names = {f.name for f in dataclasses.fields(Shape)}
        changed = {k: v for k, v in dataclasses.asdict(self).items() if k in names and v is not None}
        return dataclasses.replace(SIZES[self.size], **changed)


@dataclass(frozen=True)
class SourceConfig:
    """A folder of shards and its share of a stage's rows. `shards` names some of them; all when absent."""

    folder: str
    weight: float = 1.0
    shards: list[str] | None = None
    long_documents: Literal["split", "drop"] = "split"  # what becomes of documents longer than the context


@dataclass(frozen=True)
class StageConfig:
    name: str
    steps: int
    data: list[SourceConfig]


@dataclass(frozen=True)
class ValidationConfig:
    data: list[SourceConfig]
    every: int = 500  # steps
    rows: int = 64  # the same rows each time


@dataclass(frozen=True)
class BatchConfig:
    """`rows` of `context` tokens make a step, over all processes; a process takes `micro_rows` at a time."""

    rows: int
    micro_rows: int


@dataclass(frozen=True)
class OptimizerConfig:
    name: Literal["adamw", "muon"] = "adamw"
    learning_rate: float = 1e-3
    muon_learning_rate: float | None = None  # for the hidden matrices; learning_rate when absent
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.95
    eps: float = 1e-8
    muon_momentum: float = 0.95
    clip: float = 1.0  # global gradient norm; 0 is off


@dataclass(frozen=True)
class ScheduleConfig:
    name: Literal["cosine", "wsd"] = "cosine"
    warmup: int = 100  # steps
    decay: float = 0.2  # wsd: the last share of all steps, in which the rate falls
    floor: float = 0.1  # share of the learning rate at the end


@dataclass(frozen=True)
class CheckpointConfig:
    every: int = 1000  # steps
    keep: int = 2


@dataclass(frozen=True)
class RunConfig:
    name: str
    out: str
    model: ModelConfig
    stages: list[StageConfig]
    batch: BatchConfig
    seed: int = 0
    validation: ValidationConfig | None = None
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    checkpoint: CheckpointConfig = field(default_factory=CheckpointConfig)
    init_from: str | None = None  # folder with safetensors in Hugging Face names, or `out` of another run: its newest
    precision: Literal["auto", "bf16", "f32"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    attention: Literal["auto", "segments", "mask", "flex", "varlen"] = "auto"
    compile: bool | None = None  # on for CUDA when absent
    activation_checkpointing: bool = False
    threads: int | None = None  # CPU threads of a process
    peak_tflops: float | None = None  # of one device; measured at the start when absent
    provenance: dict[str, Any] = field(default_factory=dict)  # anything; copied into metrics, checkpoints and exports

    @property
    def steps(self) -> int:
        return sum(stage.steps for stage in self.stages)


def load_config(path: Path) -> RunConfig:
    """Reads run.json; its relative paths come back absolute. Raises ConfigError."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not JSON: {error}") from error
    config = _build(RunConfig, data, str(path))
    _check(config, str(path))
    return _resolve(config, path.resolve().parent)


def _build(kind: type[T], data: Any, where: str) -> T:
    if not isinstance(data, dict):
        raise ConfigError(f"{where}: is {_show(data)}, wanted an object")
    hints = get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            raise ConfigError(f"{where}: unknown key '{key}'; known: {', '.join(fields)}")
    for key, f in fields.items():
        required = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        if required and key not in data:
            raise ConfigError(f"{where}: key '{key}' is missing")
    return kind(**{key: _value(hints[key], value, f"{where}: {key}") for key, value in data.items()})


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):  # only "X | None" occurs
        inner = next(a for a in args if a is not type(None))
        return None if value is None else _value(inner, value, where)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{where}: is {_show(value)}, wanted one of {', '.join(map(str, args))}")
        return value
    if origin is list:
        if not isinstance(value, list):
            raise ConfigError(f"{where}: is {_show(value)}, wanted a list")
        return [_value(args[0], item, f"{where}[{i}]") for i, item in enumerate(value)]
    if dataclasses.is_dataclass(hint):
        return _build(hint, value, where)  # type: ignore[arg-type]
    if origin is dict:
        if not isinstance(value, dict):
            raise ConfigError(f"{where}: is {_show(value)}, wanted an object")
        return value
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise ConfigError(f"{where}: is {_show(value)}, wanted {hint.__name__}")
    return value


def _show(value: Any) -> str:
    return json.dumps(value)[:80]


def _check(config: RunConfig, where: str) -> None:
    shape, context, batch = config.model.shape(), config.model.context, config.batch
    sources = [s for stage in config.stages for s in stage.data]
    sources += config.validation.data if config.validation else []
    optimizer, schedule = config.optimizer, config.schedule
    rules: list[tuple[bool, str]] = [
        (0 < context <= MAX_CONTEXT_TOKENS, f"model.context {context}: wanted 1 to {MAX_CONTEXT_TOKENS}"),
        (0 < shape.vocabulary <= MAX_VOCABULARY, f"model.vocabulary {shape.vocabulary}: wanted 1 to {MAX_VOCABULARY}"),
        (
            min(shape.hidden, shape.layers, shape.heads, shape.kv_heads, shape.ffn) > 0,
            "model: all dimensions must be positive",
        ),
        (shape.heads > 0 and shape.hidden % (2 * shape.heads) == 0, "model.hidden: wanted a multiple of 2 × heads"),
        (shape.kv_heads > 0 and shape.heads % shape.kv_heads == 0, "model.heads: wanted a multiple of kv_heads"),
        (bool(config.stages), "stages: is empty, wanted at least one"),
        (all(s.steps > 0 and s.data for s in config.stages), "stages: each needs steps > 0 and data"),
        (all(0 < s.weight < float("inf") for s in sources), "data: every weight must be positive and finite"),
        (batch.micro_rows > 0 and batch.rows > 0, "batch: rows and micro_rows must be positive"),
        (config.checkpoint.every > 0 and config.checkpoint.keep > 0, "checkpoint: every and keep must be positive"),
        (config.validation is None or config.validation.every > 0, "validation.every: must be positive"),
        (config.validation is None or config.validation.rows > 0, "validation.rows: must be positive"),
        (optimizer.learning_rate > 0, f"optimizer.learning_rate {optimizer.learning_rate}: must be positive"),
        (schedule.warmup >= 0, f"schedule.warmup {schedule.warmup}: must not be negative"),
        (0 <= schedule.decay <= 1 and 0 <= schedule.floor <= 1, "schedule: decay and floor must be from 0 to 1"),
        (config.threads is None or config.threads > 0, "threads: must be positive"),
    ]
    for holds, message in rules:
        if not holds:
            raise ConfigError(f"{where}: {message}")


def _resolve(config: RunConfig, base: Path) -> RunConfig:
    def source(s: SourceConfig) -> SourceConfig:
        return dataclasses.replace(s, folder=str(base / s.folder))

    validation = config.validation
    return dataclasses.replace(
        config,
        out=str(base / config.out),
        init_from=str(base / config.init_from) if config.init_from else None,
        stages=[dataclasses.replace(s, data=[source(d) for d in s.data]) for s in config.stages],
        validation=dataclasses.replace(validation, data=[source(d) for d in validation.data]) if validation else None,
    )

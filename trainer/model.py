"""The Llama architecture under Hugging Face's parameter names, with attention that stays within documents.

Shapes: B rows, T positions, D hidden, H query heads, K key-value heads, E = D / H, F ffn, V vocabulary.
"""

import functools
import importlib.util
import inspect
import itertools
import math
import platform
from dataclasses import dataclass
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from .config import Shape
from .data import Batch
from .loss import linear_cross_entropy

AttentionName = Literal["segments", "mask", "flex", "varlen"]
VARLEN = "torch.nn.attention.varlen"  # since torch 2.10
INIT_STD = 0.02
QUERY_BLOCK = 256  # of 128, 256 and 512 the fastest
FLEX_BLOCK = 128  # FlexAttention's own
MAX_BLOCKED_POSITIONS = 2048  # 4 MiB of probabilities a head


@dataclass(frozen=True)
class Layout:
    """What the layers need to know about a batch, made once for all. Data, not closures: torch.compile guards it."""

    cos: Tensor  # (B, T, 1, E / 2)
    sin: Tensor
    lengths: list[int] | None = None  # of the documents in order, over all rows; None where every row is one document
    mask: Tensor | None = None  # (B, 1, T, T) bool
    blocks: Any = None  # FlexAttention's BlockMask
    bounds: Tensor | None = None  # (documents + 1,) int32, where each starts, over all rows


def fastest_attention(cuda: bool) -> AttentionName:
    if not cuda:
        return "segments"
    return "varlen" if importlib.util.find_spec(VARLEN) else "flex"


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where there are instructions for it, else float32: with AVX2 alone bfloat16 takes 60 times as long."""
    if device.type == "cuda":
        return torch.bfloat16
    x86 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    arm = platform.machine() in ("aarch64", "arm64") and torch.backends.mkldnn.is_available()
    # on x86_64 this one is true of AVX-512 without bfloat16 too, which is no faster than float32
    fast = x86 or (arm and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.bfloat16 if fast else torch.float32


def attend(q: Tensor, k: Tensor, v: Tensor, layout: Layout) -> Tensor:
    """Causal attention within documents. q (B, T, H, E), k and v (B, T, K, E) -> (B, T, H, E)."""
    if layout.blocks is not None:
        return _flex_attend(q, k, v, layout.blocks)
    if layout.bounds is not None:
        return _varlen_attend(q, k, v, layout.bounds)
    if layout.lengths is not None:
        return _segments_attend(q, k, v, layout.lengths)
    return _sdpa(q, k, v, layout.mask) if layout.mask is not None else _causal(q, k, v)


def _sdpa(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    """(B, T, heads, E) in and out; causal where there is no mask."""
    q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)
    out = F.scaled_dot_product_attention(q, k, v, mask, is_causal=mask is None, enable_gqa=q.shape[1] != k.shape[1])
    return out.transpose(1, 2)


def blocked_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention in plain matrix products, a block of queries at a time.

    q (N, n, H, E), k and v (N, n, K, E) -> (N, n, H, E).

    On CPUs in bf16 it takes half the time of SDPA's flash kernel, forward and backward, from 100 to 1,024 positions
    (torch 2.13, Zen 4); but it keeps n² / 2 probabilities a head for the backward pass.
    """
    (count, n, heads, size), kv_heads = q.shape, k.shape[2]
    group = heads // kv_heads
    q = (q * size**-0.5).view(count, n, kv_heads, group, size).permute(0, 2, 3, 1, 4).flatten(0, 1)  # (NK, H / K, n, E)
    k, v = (x.transpose(1, 2).flatten(0, 1) for x in (k, v))  # (NK, n, E)
    outs = []
    for start in range(0, n, QUERY_BLOCK):
        end = min(n, start + QUERY_BLOCK)
        scores = torch.bmm(q[:, :, start:end].flatten(1, 2), k[:, :end].transpose(1, 2)).unflatten(
            1, (group, end - start)
        )
        future = torch.full((end - start, end), -math.inf, dtype=q.dtype, device=q.device).triu(start + 1)
        weights = scores.add_(future).softmax(-1)
        outs.append(torch.bmm(weights.flatten(1, 2), v[:, :end]).unflatten(1, (group, end - start)))
    return torch.cat(outs, 2).unflatten(0, (count, kv_heads)).permute(0, 3, 1, 2, 4).flatten(2, 3)


def _causal(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The faster way for one document a row: (N, n, heads, E) in and out."""
    blocked = q.device.type == "cpu" and q.dtype == torch.bfloat16 and q.shape[1] <= MAX_BLOCKED_POSITIONS
    return blocked_attention(q, k, v) if blocked else _sdpa(q, k, v)


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _segments_attend(q: Tensor, k: Tensor, v: Tensor, lengths: list[int]) -> Tensor:
    """One causal SDPA a document, so no work across documents; neighbours of equal length go together."""
    groups = [(len(list(same)), length) for length, same in itertools.groupby(lengths)]
    sizes = [count * length for count, length in groups]
    parts = zip(groups, *(x.flatten(0, 1).split(sizes) for x in (q, k, v)), strict=True)
    outs = [_causal(*(x.unflatten(0, group) for x in qkv)).flatten(0, 1) for group, *qkv in parts]
    return torch.cat(outs).view(q.shape)


def document_mask(documents: Tensor) -> Tensor:
    """Block-diagonal causal mask (B, 1, T, T) of document numbers (B, T): T² work, but no shape depends on the data."""
    t = documents.shape[1]
    causal = torch.ones(t, t, dtype=torch.bool, device=documents.device).tril()
    return ((documents[:, :, None] == documents[:, None, :]) & causal)[:, None]


@functools.cache
def _flex(compiled: bool) -> Any:
    from torch.nn.attention.flex_attention import flex_attention

    return torch.compile(flex_attention) if compiled else flex_attention


def _flex_attend(q: Tensor, k: Tensor, v: Tensor, blocks: Any) -> Tensor:
    """FlexAttention skips blocks across documents; it is fast compiled, that is on CUDA."""
    q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)
    out: Tensor = _flex(q.is_cuda)(q, k, v, block_mask=blocks, enable_gqa=q.shape[1] != k.shape[1])
    return out.transpose(1, 2)


def block_mask(documents: Tensor, positions: Tensor) -> Any:
    """FlexAttention's mask of document numbers and positions within documents, both (B, T); T a multiple of FLEX_BLOCK.

    Documents are contiguous, so which blocks a block of queries sees follows from where the document of its first query
    begins. `create_block_mask` would look at all T² pairs, which takes longer than the attention itself.
    """
    from torch.nn.attention.flex_attention import BlockMask

    def visible(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
        return (q >= k) & (documents[b, q] == documents[b, k])

    blocks = documents.shape[1] // FLEX_BLOCK
    at = torch.arange(blocks, device=documents.device)
    first = (at * FLEX_BLOCK - positions[:, ::FLEX_BLOCK]) // FLEX_BLOCK  # (B, blocks): the first that queries see
    seen = at - first + 1
    # The last block of those seen, the queries' own, is cut by causality; the others may be cut by documents.
    order = (first[..., None] + at) % blocks  # those seen come first, the rest in any order
    return BlockMask.from_kv_blocks(
        seen[:, None].int(),
        order[:, None].int(),
        BLOCK_SIZE=FLEX_BLOCK,
        mask_mod=visible,
    )


@functools.cache
def _varlen() -> Any:
    varlen_attn = importlib.import_module(VARLEN).varlen_attn
    known = inspect.signature(varlen_attn).parameters
    causal: dict[str, Any] = {"window_size": (-1, 0)} if "window_size" in known else {"is_causal": True}
    return varlen_attn, causal, "enable_gqa" in known


def _varlen_attend(q: Tensor, k: Tensor, v: Tensor, bounds: Tensor) -> Tensor:
    """FlashAttention over documents laid end to end; CUDA only."""
    call, options, shares_heads = _varlen()
    group = q.shape[2] // k.shape[2]
    if group > 1 and shares_heads:
        options = {**options, "enable_gqa": True}
    elif group > 1:
        k, v = k.repeat_interleave(group, 2), v.repeat_interleave(group, 2)
    longest = q.shape[1]
    out: Tensor = call(q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1), bounds, bounds, longest, longest, **options)
    return out.view(q.shape)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """RoPE in Hugging Face's layout (halves, not pairs). x (B, T, heads, E), cos and sin (B, T, 1, E / 2)."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class RMSNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """(..., D), normed in float32, out in x's type."""
        wide = x.float()
        scale = torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)
        return (wide * scale * self.weight).to(x.dtype)


class Attention(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.size = s.hidden // s.heads
        self.q_proj = nn.Linear(s.hidden, s.heads * self.size, bias=False)
        self.k_proj = nn.Linear(s.hidden, s.kv_heads * self.size, bias=False)
        self.v_proj = nn.Linear(s.hidden, s.kv_heads * self.size, bias=False)
        self.o_proj = nn.Linear(s.heads * self.size, s.hidden, bias=False)

    def forward(self, x: Tensor, layout: Layout) -> Tensor:
        """(B, T, D) -> (B, T, D)."""
        split = (*x.shape[:2], -1, self.size)
        q, k, v = (p(x).view(split) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, layout.cos, layout.sin), rotate(k, layout.cos, layout.sin)
        out: Tensor = self.o_proj(attend(q, k, v, layout).flatten(2))
        return out


class Mlp(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden, s.ffn, bias=False)
        self.up_proj = nn.Linear(s.hidden, s.ffn, bias=False)
        self.down_proj = nn.Linear(s.ffn, s.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, T, D): SwiGLU."""
        out: Tensor = self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return out


class Layer(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(s.hidden, s.norm_eps)
        self.self_attn = Attention(s)
        self.post_attention_layernorm = RMSNorm(s.hidden, s.norm_eps)
        self.mlp = Mlp(s)

    def forward(self, x: Tensor, layout: Layout) -> Tensor:
        """(B, T, D) -> (B, T, D)."""
        x = x + self.self_attn(self.input_layernorm(x), layout)
        out: Tensor = x + self.mlp(self.post_attention_layernorm(x))
        return out


class Trunk(nn.Module):
    """Everything but the head; Hugging Face calls it `model`."""

    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(s.vocabulary, s.hidden)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm = RMSNorm(s.hidden, s.norm_eps)


class Llama(nn.Module):
    """Called with a batch it gives the summed loss; `logits` is for tests and for a look inside."""

    def __init__(self, s: Shape, attention: AttentionName, *, dtype: torch.dtype, checkpointing: bool = False) -> None:
        super().__init__()
        self.shape, self.attention, self.dtype, self.checkpointing = s, attention, dtype, checkpointing
        self.model = Trunk(s)
        self.lm_head = nn.Linear(s.hidden, s.vocabulary, bias=False)
        self.tie()

    def tie(self) -> None:
        """Makes embedding and head one parameter where the shape says so; to be called again after `to_empty`."""
        if self.shape.tied:
            self.lm_head.weight = self.model.embed_tokens.weight

    def layout(self, batch: Batch) -> Layout:
        half = self.shape.hidden // self.shape.heads // 2
        device = batch.tokens.device
        frequency = self.shape.rope_theta ** (-torch.arange(half, device=device, dtype=torch.float32) / half)
        angle = (batch.positions[..., None].float() * frequency)[:, :, None]
        cos, sin = angle.cos().to(self.dtype), angle.sin().to(self.dtype)
        if len(batch.lengths) == len(batch.tokens):  # one document a row: plain causal attention
            return Layout(cos, sin)
        if self.attention == "segments":
            return Layout(cos, sin, lengths=batch.lengths)
        if self.attention == "mask" or (self.attention == "flex" and batch.tokens.shape[1] % FLEX_BLOCK):
            return Layout(cos, sin, mask=document_mask(batch.documents))
        if self.attention == "varlen":
            starts = torch.tensor([0, *itertools.accumulate(batch.lengths)], dtype=torch.int32)
            return Layout(cos, sin, bounds=starts.to(device, non_blocking=True))
        return Layout(cos, sin, blocks=block_mask(batch.documents, batch.positions))

    def hidden(self, batch: Batch) -> Tensor:
        """(B, T, D) after the last norm."""
        layout = self.layout(batch)
        x = self.model.embed_tokens(batch.tokens).to(self.dtype)
        for layer in self.model.layers:
            if self.checkpointing and torch.is_grad_enabled():
                x = checkpoint(layer, x, layout, use_reentrant=False)
            else:
                x = layer(x, layout)
        out: Tensor = self.model.norm(x)
        return out

    def logits(self, batch: Batch) -> Tensor:
        """(B, T, V)."""
        out: Tensor = self.lm_head(self.hidden(batch))
        return out

    def forward(self, batch: Batch) -> Tensor:
        """Sum of the cross-entropies of the learned positions, in nats; a float32 scalar."""
        chosen = self.hidden(batch).flatten(0, 1)
        if len(batch.learned) < len(chosen):
            chosen = chosen[batch.learned]
        return linear_cross_entropy(chosen, self.lm_head.weight, batch.labels)


def initial(name: str, like: Tensor, shape: Shape, seed: int) -> Tensor:
    """The initial value of one parameter: a function of its place and the seed, whatever the number of processes."""
    if name.endswith("norm.weight"):
        return torch.ones(like.shape)
    std = INIT_STD
    if name.endswith(("o_proj.weight", "down_proj.weight")):
        std /= math.sqrt(2 * shape.layers)  # these add to the residual stream, twice a layer
    generator = torch.Generator().manual_seed(seed)
    return torch.empty(like.shape).normal_(0.0, std, generator=generator)


def parameter_counts(s: Shape) -> tuple[int, int]:
    """(all parameters, those that take part in matrix products): the head counts as a product, tied or not."""
    width = s.hidden // s.heads
    layer = 2 * s.hidden * width * (s.heads + s.kv_heads) + 3 * s.hidden * s.ffn
    table = s.hidden * s.vocabulary
    norms = s.hidden * (2 * s.layers + 1)
    return s.layers * layer + table * (1 if s.tied else 2) + norms, s.layers * layer


def step_flops(s: Shape, lengths: list[int], learned: int) -> float:
    """Floating-point operations that a forward and backward pass needs (no recomputation counted).

    6 a parameter and position in the layers, 6 D V a learned position in the head, and 12 / 2 D n² a layer in causal
    attention within a document of n positions.
    """
    in_layers = 6.0 * parameter_counts(s)[1] * sum(lengths)
    head = 6.0 * s.hidden * s.vocabulary * learned
    attention = 6.0 * s.layers * s.hidden * float(sum(n * n for n in lengths))
    return in_layers + head + attention

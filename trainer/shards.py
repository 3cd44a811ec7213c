"""The shard format (README.md defines it): reading, checking, and writing.

A folder holds manifest.json and, for each shard, NAME.tokens, NAME.documents and perhaps NAME.mask. Files are read with
bounded reads, never mapped: a mapped file that shrinks under us would kill the process without a word.
"""

import hashlib
import json
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import RunError

VERSION = 1
HEADER = struct.Struct("<8sIIQQ")  # magic, version, bytes an element, elements, zero
Array = npt.NDArray[Any]

# kind of file: magic, element type
KINDS: dict[str, tuple[bytes, str]] = {
    "tokens": (b"LLMCTOKN", "<u2"),
    "documents": (b"LLMCDOCS", "<u8"),
    "mask": (b"LLMCMASK", "u1"),
}


@dataclass(frozen=True)
class Shard:
    """An opened shard. `offsets`: (documents + 1,) u64, where each document starts; the last is the token count."""

    path: Path  # without the extension
    offsets: Array
    has_mask: bool
    sha256: dict[str, str]

    def read(self, kind: str, start: int, count: int) -> Array:
        """Elements [start, start + count) of a file, (count,). Raises RunError when they are not all there."""
        dtype = np.dtype(KINDS[kind][1])
        file = self.path.with_name(f"{self.path.name}.{kind}")
        try:
            with open(file, "rb", buffering=0) as f:
                data = os.pread(f.fileno(), count * dtype.itemsize, HEADER.size + start * dtype.itemsize)
        except OSError as error:
            raise RunError(f"{file}: cannot be read: {error.strerror}") from error
        if len(data) != count * dtype.itemsize:
            raise RunError(f"{file}: ends early: {len(data)} of {count * dtype.itemsize} bytes at element {start}")
        return np.frombuffer(data, dtype)


def open_folder(folder: Path, names: list[str] | None, vocabulary: int) -> list[Shard]:
    """Opens the named shards of a folder, or all, and checks everything but the hashes. Raises RunError."""
    manifest = _read_manifest(folder)
    where = folder / "manifest.json"
    if manifest["vocabulary"] > vocabulary:
        raise RunError(f"{where}: vocabulary {manifest['vocabulary']} is larger than the model's {vocabulary}")
    entries = {entry["name"]: entry for entry in manifest["shards"]}
    for name in names or []:
        if name not in entries:
            raise RunError(f"{where}: has no shard '{name}'; it has {', '.join(entries)}")
    return [_open_shard(folder, entries[name]) for name in (names or list(entries))]


def _read_manifest(folder: Path) -> Any:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if manifest["format"] != "llmc-shards" or manifest["version"] != VERSION:
            raise RunError(
                f"{path}: format '{manifest['format']}' version {manifest['version']}, wanted llmc-shards {VERSION}"
            )
        int(manifest["vocabulary"])
        [(e["name"], e["documents"], e["tokens"], e["files"]["tokens"]["sha256"]) for e in manifest["shards"]]
        return manifest
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path}: is not a manifest of shards: {error!r}") from error


def _open_shard(folder: Path, entry: Any) -> Shard:
    base = folder / entry["name"]
    counts = {"tokens": entry["tokens"], "documents": entry["documents"] + 1}
    if "mask" in entry["files"]:
        counts["mask"] = entry["tokens"]
    for kind, count in counts.items():
        _check_header(base.with_name(f"{base.name}.{kind}"), kind, count)
    hashes = {kind: entry["files"][kind]["sha256"] for kind in counts}
    shard = Shard(base, np.zeros(0, "<u8"), "mask" in counts, hashes)
    offsets = shard.read("documents", 0, counts["documents"])
    rising = (
        len(offsets) > 1
        and offsets[0] == 0
        and offsets[-1] == entry["tokens"]
        and bool((offsets[1:] > offsets[:-1]).all())
    )
    if not rising:
        raise RunError(f"{base}.documents: wanted offsets that rise from 0 to {entry['tokens']}; the shard is corrupt")
    return Shard(base, offsets, shard.has_mask, hashes)


def _check_header(file: Path, kind: str, count: int) -> None:
    magic, dtype = KINDS[kind]
    width = np.dtype(dtype).itemsize
    try:
        with open(file, "rb") as f:
            header, size = f.read(HEADER.size), os.fstat(f.fileno()).st_size
    except OSError as error:
        raise RunError(f"{file}: cannot be read: {error.strerror}") from error
    wanted = HEADER.pack(magic, VERSION, width, count, 0)
    if header != wanted:
        raise RunError(
            f"{file}: header {header.hex()}, wanted {wanted.hex()}: not this format, or not what the manifest says"
        )
    if size != HEADER.size + count * width:
        raise RunError(
            f"{file}: {size} bytes, wanted {HEADER.size + count * width}: truncated or corrupt, copy it again"
        )


def verify_hashes(shards: list[Shard]) -> None:
    """Compares every file with the manifest's SHA-256 (about 1 s a GB). Raises RunError naming the file."""
    for shard in shards:
        for kind, wanted in shard.sha256.items():
            file = shard.path.with_name(f"{shard.path.name}.{kind}")
            if (seen := sha256_of(file)) != wanted:
                raise RunError(f"{file}: sha256 {seen}, the manifest says {wanted}: corrupt, copy or make it again")


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file. Raises RunError when it cannot be read."""
    try:
        with open(path, "rb") as f:
            return hashlib.file_digest(f, "sha256").hexdigest()
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror}") from error


def write_folder(
    folder: Path,
    shards: dict[str, list[Array]],
    *,
    vocabulary: int,
    split: str = "train",
    masks: dict[str, list[Array]] | None = None,
) -> None:
    """Writes documents as a folder of shards: for tests and benchmarks, and as the reference for other writers."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, documents in shards.items():
        offsets = np.cumsum([0, *(len(d) for d in documents)])
        parts: dict[str, Array] = {"tokens": np.concatenate(documents), "documents": offsets}
        if masks and name in masks:
            parts["mask"] = np.concatenate(masks[name])
        files = {}
        for kind, values in parts.items():
            magic, dtype = KINDS[kind]
            data = (
                HEADER.pack(magic, VERSION, np.dtype(dtype).itemsize, len(values), 0) + values.astype(dtype).tobytes()
            )
            (folder / f"{name}.{kind}").write_bytes(data)
            files[kind] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        entries.append({"name": name, "documents": len(documents), "tokens": len(parts["tokens"]), "files": files})
    manifest = {
        "format": "llmc-shards",
        "version": VERSION,
        "vocabulary": vocabulary,
        "split": split,
        "mix": {},
        "shards": entries,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")

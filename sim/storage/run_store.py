"""A data set of many runs that grows run by run, and loses nothing when it is stopped at any moment.

Each run is one Parquet file, ``monthly/point=000012/seed-1-0123456789abcdef.parquet``: the point, the seed, and the
first digits of the SHA-256 of the file's own bytes. It is written under another name, and gets its own when it is
whole. So a file that has its name is a finished run, and one that was damaged since is found out.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet

from sim.errors import CatfishError
from sim.storage.output_folder import MANIFEST, PROGRAM, check_free, is_ours
from sim.storage.tables import hash_of

try:
    import fcntl
except ImportError:  # Windows: nobody is kept from running a sweep twice at a time
    fcntl = None  # type: ignore[assignment]

#: A run: the number of its point, and its seed.
Run = tuple[int, int]
RUNS, POINTS = "monthly", "points.csv"
_HALF_WRITTEN = ".partial"
_LOCK = ".lock"
_PART = re.compile(r"point=(\d{6,})/seed-(\d+)-([0-9a-f]{16})\.parquet")
_POINT = pa.schema([("point", pa.int32())])
#: What of a manifest makes the question, with the words for it.
_QUESTION = {"study": "kind of study", "vary": "ranges", "design": "design", "points": "number of points",
             "seeds": "seeds", "scale": "scale", "months": "number of months"}  # fmt: skip


class RunStore:
    """The finished runs of a folder.

    Attributes
    ----------
    folder : Path
    digests : dict
        SHA-256 of each finished run's file, by its name within the folder.
    runs : set of Run
        The finished ones.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.runs: set[Run] = set()

    def read(self, points: int, seeds: list[int]) -> None:
        """Look at every part that is there, and clear away what is half written.

        Raises
        ------
        CatfishError
            If a part is damaged, there twice, or of no run of the sweep.
        """
        asked = set(seeds)
        for path in sorted((self.folder / RUNS).glob("*/*")):
            if path.name == _HALF_WRITTEN:
                path.unlink()
            elif path.suffix == ".parquet":
                run, digest = self._part(path)
                if not (run[0] < points and run[1] in asked) or run in self.runs:
                    why = "there twice" if run in self.runs else "of no run of this sweep"
                    raise CatfishError(f"{path} is {why}; move it away, and give the same command again")
                self.runs.add(run)
                self.digests[path.relative_to(self.folder).as_posix()] = digest

    def _part(self, path: Path) -> tuple[Run, str]:
        found = _PART.fullmatch(path.relative_to(self.folder / RUNS).as_posix())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if found is None or digest[:16] != found[3]:
            raise CatfishError(
                f"{path} is damaged: it is not what its name says; move it away, and give the same command again: only "
                "its run is made anew"
            )
        return (int(found[1]), int(found[2])), digest

    def keep(self, run: Run, content: bytes) -> None:
        """Write a finished run.

        Raises
        ------
        CatfishError
            If it cannot be written; what is there stays.
        """
        digest = hashlib.sha256(content).hexdigest()
        name = f"{RUNS}/point={run[0]:06d}/seed-{run[1]}-{digest[:16]}.parquet"
        self.write(name, content)
        self.runs.add(run)
        self.digests[name] = digest

    def write(self, name: str, content: bytes) -> None:
        """Write a file as a whole or not at all.

        Raises
        ------
        CatfishError
            If it cannot be written.
        """
        try:
            write_whole(self.folder / name, content)
        except OSError as error:
            raise CatfishError(
                f"{self.folder / name} cannot be written: {error.strerror}; the {len(self.runs):,} runs that are "
                "finished are kept, and the same command goes on from there"
            ) from error

    def finish(self, **manifest: Any) -> str:
        """Write the hash of all data files, and more, into the manifest; return the hash."""
        points = (self.folder / POINTS).read_bytes()
        digests = {POINTS: hashlib.sha256(points).hexdigest(), **self.digests}
        digest = hash_of(digests)
        self.write(MANIFEST, _text({**read_manifest(self.folder), **manifest, "content_hash": digest}))
        return digest


@contextmanager
def open_store(folder: Path, manifest: Mapping[str, Any], points: str) -> Iterator[RunStore]:
    """Give the store of a sweep: a new one, or the one that is there if it is of the same question.

    Parameters
    ----------
    folder : Path
    manifest : mapping
        What is asked; written first.
    points : str
        The points as a table with commas.

    Raises
    ------
    CatfishError
        If the folder holds something else, another question or another model's runs, a part is damaged, or another
        process is writing there.
    """
    folder = Path(os.path.realpath(folder))
    asked = {**manifest, "points_hash": hashlib.sha256(points.encode()).hexdigest()}
    litter = {_LOCK, _HALF_WRITTEN}
    if not is_ours(folder) and not (folder.is_dir() and {path.name for path in folder.iterdir()} <= litter):
        check_free(folder)
    elif is_ours(folder):
        check_same(folder, asked)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOCK).touch()
    except OSError as error:
        raise CatfishError(f"Cannot write to {folder}: {error.strerror or error}.") from error
    with _locked(folder):
        store = RunStore(folder)
        if not is_ours(folder):
            store.write(MANIFEST, _text(asked))
        store.write(POINTS, points.encode())
        store.read(points.count("\n") - 1, list(manifest["seeds"]))
        yield store


def check_same(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a folder of catfish whose runs are not those that are asked for.

    Raises
    ------
    CatfishError
        Naming the first thing that differs.
    """
    there = read_manifest(folder)
    if "model" not in there or there.get("study") != manifest["study"]:
        raise CatfishError(f"{folder} holds other results; choose another folder with --out")
    other = f"{folder} holds another {manifest['study']}"
    for key, words in _QUESTION.items():
        if there.get(key) != json.loads(json.dumps(manifest[key])):
            raise CatfishError(
                f"{other}: its {words}: {_short(there.get(key))}, not {_short(manifest[key])}; choose another folder "
                "with --out"
            )
    before = {row["path"]: row["value"] for row in there["parameters"]}
    for row in json.loads(json.dumps(manifest["parameters"])):
        if before.get(row["path"]) != row["value"]:
            raise CatfishError(
                f"{other}: its {row['path']} is {_short(before.get(row['path']))}, not {_short(row['value'])}; choose "
                "another folder with --out"
            )
    if there["model"] != manifest["model"]:
        raise CatfishError(
            f"{folder} holds runs of another version of the model ({there['model']}, this is {manifest['model']}), "
            "which do not belong together; choose another folder with --out"
        )
    if there.get("points_hash") != manifest["points_hash"]:
        raise CatfishError(f"{other}: its points are not the same (made with another SciPy?); choose another folder")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder that was made by catfish.

    Raises
    ------
    CatfishError
        If it was not.
    """
    if not is_ours(folder):
        raise CatfishError(f"{folder} holds no results of catfish (no {MANIFEST} of its own).")
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return found


def write_whole(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all: under another name, and onto the disk, before it gets its own."""
    half = path.with_name(_HALF_WRITTEN)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def part_bytes(monthly: pa.Table) -> bytes:
    """Return the monthly table of a run as a small file: units and definitions stand in the manifest, once."""
    bare = pa.table({name: monthly[name].combine_chunks() for name in monthly.column_names if name != "date"})
    floats = [field.name for field in bare.schema if pa.types.is_floating(field.type)]
    sink = io.BytesIO()
    pyarrow.parquet.write_table(
        bare, sink, compression="zstd", use_dictionary=False, use_byte_stream_split=floats, write_statistics=False,
        store_schema=False,
    )  # fmt: skip
    return sink.getvalue()


def dataset_of(folder: Path) -> pyarrow.dataset.Dataset:
    """Return the runs of a folder, to be read when they are asked for; ``point`` is a column, too.

    Raises
    ------
    CatfishError
        If there is none.
    """
    files = sorted(str(path) for path in (folder / RUNS).glob("point=*/*.parquet"))
    if not files:
        raise CatfishError(f"{folder} holds no finished run yet")
    partitioning = pyarrow.dataset.partitioning(_POINT, flavor="hive")
    return pyarrow.dataset.dataset(
        files, format="parquet", partitioning=partitioning, partition_base_dir=str(folder / RUNS)
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from writing to a folder at the same time; the lock ends with this process, however it ends."""
    with (folder / _LOCK).open("wb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                    raise CatfishError(f"another catfish is writing to {folder}; wait for it, or stop it") from error
        yield


def _text(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps({"program": PROGRAM, **manifest}, ensure_ascii=False, indent=1) + "\n").encode()


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."

"""A folder of output that is replaced as a whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import CatfishError

MANIFEST = "manifest.json"
PROGRAM = "catfish"
#: Studies whose runs took long: they are never replaced by something else.
LASTING = ("sweep", "sensitivity", "Sobol indices")


def is_ours(folder: Path) -> bool:
    """Tell whether a folder was made by catfish: it has a manifest that says so."""
    return _manifest(folder).get("program") == PROGRAM


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest in a folder says; nothing where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def check_free(folder: Path) -> None:
    """Refuse a place that may not be written to.

    Raises
    ------
    CatfishError
        If there is a file, or a folder that is not empty and was not made by catfish, or that holds many runs.
    """
    if folder.exists() and not folder.is_dir():
        raise CatfishError(f"{folder} is a file; name a folder for the results.")
    if folder.is_dir() and any(folder.iterdir()) and not is_ours(folder):
        raise CatfishError(f"{folder} is not empty and was not made by catfish; choose another folder with --out.")
    if _manifest(folder).get("study") in LASTING:
        raise CatfishError(f"{folder} holds the many runs of a study; choose another folder with --out, or delete it.")


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write in; when the block ends well it takes the place of ``folder``.

    When the block ends with an error, or is interrupted, what was there before stays untouched.

    Raises
    ------
    CatfishError
        See :func:`check_free`; or if the folder cannot be made.
    """
    folder = Path(os.path.realpath(folder))
    check_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".partial", dir=folder.parent))
    except OSError as error:
        raise CatfishError(f"Cannot write to {folder}: {error.strerror or error}.") from error
    try:
        work.chmod(0o777 & ~_umask())
        yield work
        check_free(folder)  # somebody may have put something there meanwhile
        _swap(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _swap(work: Path, folder: Path) -> None:
    """Put a finished folder in the place of another."""
    if not folder.exists():
        work.rename(folder)
        return
    old = folder.with_name(f"{work.name}.old")
    folder.rename(old)
    try:
        work.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)

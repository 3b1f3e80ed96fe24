"""Compile the kernels of a run before it begins, in several processes at once; ``sim/data/kernels.json`` says which.

The list holds what a run of the smallest county compiles, the longest first, each kernel with the types of its
arguments. It is a help and never a truth: what it lacks is compiled when it is called, and what it has too much does
nothing. After kernels have changed ``python -m sim.kernel_list`` renews it.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import types

from sim.kernels import tell_compilation

LIST = Path(__file__).parent / "data" / "kernels.json"
#: More processes gain nothing: they wait for the one that has the longest kernel.
MOST = 4
_TRIED = "kernels-listed"

#: A type as it is written: "int64", "float32 2C" for an array, a list for a tuple, a name and a list for a named one.
Written = str | list[Any] | dict[str, list[Any]]
_Tuple: Any = types.BaseTuple


def kernels_compiled() -> bool:
    """Tell whether any compiled kernel lies in the cache."""
    return any(_cache().rglob("*.nbi"))


def missing() -> dict[str, list[list[Written]]]:
    """Return what is listed and not in the cache, with its types; nothing once all that is listed has been tried."""
    if (_cache() / _TRIED).exists() or not LIST.exists():
        return {}
    # numba names the index of a kernel by its file, its name and its line
    there = {path.name.rpartition("-")[0] for path in _cache().rglob("*.nbi")}
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    return {name: kinds for name, kinds in listed.items() if ".".join(name.split(".")[-2:]) not in there}


def compile_ahead(executor: Executor) -> None:
    """Have processes compile what is missing, the longest first; each kernel in one of them, with all its types.

    So no two processes write the same index of numba's cache at once.
    """
    kernels = missing()
    if not kernels:
        return
    tell_compilation(next(iter(kernels)))
    for compiled in [executor.submit(compile_kernel, name, kinds) for name, kinds in kernels.items()]:
        compiled.result()
    (_cache() / _TRIED).touch()


def compile_kernel(name: str, kinds: Sequence[Sequence[Written]]) -> bool:
    """Compile a kernel into the cache, and tell whether that was possible: the list may be older than the kernels."""
    module, _, function = name.rpartition(".")
    # a compiler fills memory with small things that last as long as it works: looking through them takes a tenth
    gc.disable()
    try:
        for written in kinds:
            getattr(import_module(module), function).compile(tuple(read_type(each) for each in written))
    except Exception:  # of many kinds; the kernel is compiled when it is called, and says then what is wrong
        return False
    finally:
        gc.enable()
    return True


def write_type(kind: Any) -> Written:
    """Return a type of numba as text and lists that JSON can hold."""
    if isinstance(kind, _Tuple):
        members = [write_type(each) for each in kind.types]
        named = getattr(kind, "instance_class", None)
        return {f"{named.__module__}.{named.__qualname__}": members} if named else members
    if isinstance(kind, types.Array):
        return f"{kind.dtype} {kind.ndim}{kind.layout}" + ("" if kind.mutable else " readonly")
    return str(kind)


def read_type(written: Written) -> Any:
    """Return the type of numba that :func:`write_type` wrote."""
    if isinstance(written, dict):
        ((name, members),) = written.items()
        module, _, class_name = name.rpartition(".")
        named = getattr(import_module(module), class_name)
        return _Tuple.from_types([read_type(each) for each in members], named)
    if isinstance(written, list):
        return _Tuple.from_types([read_type(each) for each in written])
    name, *shape = written.split()
    kind: Any = numba.from_dtype(np.dtype(name))
    if not shape:
        return kind
    layout: Any = shape[0][-1]
    return types.Array(kind, int(shape[0][:-1]), layout, readonly="readonly" in shape)


def _cache() -> Path:
    """Return the folder of compiled kernels."""
    return Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]

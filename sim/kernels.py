"""Where compiled code begins: decorators, the cache of compiled kernels, and four functions with fixed bits.

A kernel is a function of arrays and draws that numba compiles once and keeps in the user's cache folder. numba does
not notice when an equation that a kernel *imports* has changed, and would then run the old one. So the cache folder is
named by a hash of every source that a kernel can see, and `CACHE_DIR` is set here, before the first decorator.

`exp_`, `log_`, `logistic` and `normal_quantile` use + - * / and square root only. Each of these is rounded exactly by
IEEE 754, and LLVM fuses a multiplication with an addition only where asked to (``fastmath``), which nothing here does.
So their bits are the same on every processor, which is not true of NumPy's or the C library's `exp`.

Kernels divide as NumPy does (``error_model="numpy"``): x / 0 is infinite, not an error. A test for zero in every
division would keep LLVM from working on eight numbers at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba.core import event

__all__ = [
    "add_up",
    "announce_compilation",
    "device",
    "exp_",
    "kernel",
    "log_",
    "logistic",
    "normal_quantile",
    "row",
    "span",
    "tell_compilation",
]

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent
_IMPORTS = re.compile(rb"^[ \t]*from[ \t]+(sim[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE)


def _kernel_sources() -> dict[str, bytes]:
    """Every module that names this one, and every module of the package that such a module imports, with its text."""
    text = {
        ".".join(("sim", *path.relative_to(_PACKAGE).with_suffix("").parts)): path.read_bytes()
        for path in _PACKAGE.rglob("*.py")
    }
    waiting = [name for name, source in text.items() if b"sim.kernels" in source]
    seen: dict[str, bytes] = {}
    while waiting:
        name = waiting.pop()
        if name in seen or name not in text:
            continue
        seen[name] = text[name]
        for module, names in _IMPORTS.findall(text[name]):
            stem = module.decode()
            waiting += [stem, f"{stem}.__init__", *(f"{stem}.{word.decode()}" for word in re.findall(rb"\w+", names))]
    return seen


def _cache_folder() -> Path:
    """The folder of compiled kernels: a user cache (or ``NUMBA_CACHE_DIR``), named by the sources and by numba."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for name, source in sorted(_kernel_sources().items()):
        digest.update(name.encode() + b"\0" + source)
    root = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("catfish", appauthor=False)
    folder = Path(root) / f"kernels-{digest.hexdigest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        # Where the home is read-only numba would write beside the sources, in a folder that no hash names.
        return Path(tempfile.mkdtemp(prefix="catfish-kernels-"))
    return folder


numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


# nobody calls a kernel from C, and the bridge for it takes longer to compile than some kernels
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def kernel(function: F) -> F:
    """Compile a function of arrays: one thread, cached on disk, Python's lock released while it runs."""
    return cast(F, numba.njit(cache=True, **_OPTIONS)(function))


def device(function: F) -> F:
    """Compile a small function of scalars that is copied into every kernel that calls it."""
    return cast(F, numba.njit(forceinline=True, **_OPTIONS)(function))


def add_up(numbers: Iterable[float]) -> float:
    """Return the sum, added one after the other: from Python 3.12 on `sum` corrects rounding, with other last bits."""
    total = 0.0
    for number in numbers:
        total += number
    return total


@device
def span(start: int, stop: int) -> range:
    """Return the rows from start to stop - 1 for a loop that uses them as they are, without adding to them.

    They are unsigned, so that no array need ask whether a row is negative and means one from the end: only then can
    LLVM work on eight rows at once.
    """
    return range(np.uint64(start), np.uint64(stop))


@device
def row(number: int) -> int:
    """Return the number of a row, unsigned as those of `span`: looking something up there costs no test of its sign."""
    return np.uint64(number)  # type: ignore[return-value]


class _Announcer(event.Listener):
    """Tells somebody the name of each kernel that is about to be compiled."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def on_start(self, event: Any) -> None:
        """Name the kernel; helpers that it copies in are part of it and are not named."""
        options = event.data["dispatcher"].targetoptions
        if not options.get("forceinline"):
            self.say(event.data["dispatcher"].py_func.__name__)

    def on_end(self, event: Any) -> None:
        """Nothing to tell."""


_LISTENERS: list[Callable[[str], None]] = []


@contextmanager
def announce_compilation(say: Callable[[str], None]) -> Iterator[None]:
    """Call ``say(name)`` whenever a kernel is compiled anew inside the block (not when it comes from the cache)."""
    listener = _Announcer(say)
    event.register("numba:compile", listener)  # type: ignore[no-untyped-call]
    _LISTENERS.append(say)
    try:
        yield
    finally:
        _LISTENERS.remove(say)
        event.unregister("numba:compile", listener)  # type: ignore[no-untyped-call]


def tell_compilation(name: str) -> None:
    """Announce a kernel that another process is about to compile."""
    for say in _LISTENERS:
        say(name)


_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01  # the last 32 bits are zero, so k * _LN2_HIGH is exact
_LN2_LOW = 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number, held in the last bits


@device
def exp_(x: float) -> float:
    r"""Exponential function, float64.

    .. math:: e^x = 2^k \, e^r, \quad k = \mathrm{round}(x / \ln 2), \quad |r| \le \tfrac12 \ln 2

    with the Taylor series of :math:`e^r` to the 12th power.

    Parameters
    ----------
    x : float
        Any number; beyond -708 and 708 it is held there, so the result is never 0 nor infinite.

    Returns
    -------
    float
        :math:`e^x`, to about 2e-16 relative.
    """
    y: float = np.float64(x)
    if y > 708.0:
        y = 708.0
    if y < -708.0:
        y = -708.0
    shifted = y * _LOG2_E + _ROUND
    k = shifted - _ROUND
    r = (y - k * _LN2_HIGH) - k * _LN2_LOW
    series = 1.0 / 479001600.0
    series = series * r + 1.0 / 39916800.0
    series = series * r + 1.0 / 3628800.0
    series = series * r + 1.0 / 362880.0
    series = series * r + 1.0 / 40320.0
    series = series * r + 1.0 / 5040.0
    series = series * r + 1.0 / 720.0
    series = series * r + 1.0 / 120.0
    series = series * r + 1.0 / 24.0
    series = series * r + 1.0 / 6.0
    series = series * r + 0.5
    series = series * r + 1.0
    series = series * r + 1.0
    power = np.int64((np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return series * power


@device
def log_(x: float) -> float:
    r"""Natural logarithm, float64.

    .. math:: \ln x = k \ln 2 + 2\,\mathrm{artanh}\, s, \quad x = 2^k m, \quad s = \frac{m - 1}{m + 1}

    with :math:`m` between :math:`\sqrt{1/2}` and :math:`\sqrt 2` and the series of artanh to the 21st power.

    Parameters
    ----------
    x : float
        At least 2.3e-308 (the smallest normal number); smaller and negative numbers give minus infinity.

    Returns
    -------
    float
        :math:`\ln x`, to about 3e-16 relative.
    """
    y: float = np.float64(x)
    # Move the border of the exponent to sqrt(1/2), so that m lies on both sides of 1.
    bits = np.float64(y).view(np.int64) - np.int64(0x3FE6A09E667F3BCD)
    exponent = bits >> np.int64(52)
    m = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) + np.int64(0x3FE6A09E667F3BCD)).view(np.float64)
    k = np.int64(exponent + np.int64(0x4338000000000000)).view(np.float64) - _ROUND
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = 2.0 / 21.0
    series = series * z + 2.0 / 19.0
    series = series * z + 2.0 / 17.0
    series = series * z + 2.0 / 15.0
    series = series * z + 2.0 / 13.0
    series = series * z + 2.0 / 11.0
    series = series * z + 2.0 / 9.0
    series = series * z + 2.0 / 7.0
    series = series * z + 2.0 / 5.0
    series = series * z + 2.0 / 3.0
    result: float = k * _LN2_HIGH + (2.0 * s + (s * z * series + k * _LN2_LOW))
    if y < 2.2250738585072014e-308:
        result = -np.inf
    if y > 1.7976931348623157e308:
        result = y
    if y != y:
        result = y
    return result


@device
def logistic(x: float) -> float:
    r"""Logistic function :math:`1 / (1 + e^{-x})`, float64: a probability from a logit."""
    return 1.0 / (1.0 + exp_(-x))


@device
def normal_quantile(u: float) -> float:
    r"""Quantile of the standard normal distribution, float64.

    .. math:: \Phi^{-1}(u)

    Parameters
    ----------
    u : float
        Probability, strictly between 0 and 1.

    Returns
    -------
    float
        To about 1e-15 relative.

    References
    ----------
    Wichura (1988), Algorithm AS 241, Applied Statistics 37: 477-484, PPND16.
    """
    q = np.float64(u) - 0.5
    r: float = 0.180625 - q * q
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    below = below * r + 1.0
    result: float = q * above / below
    if q > 0.425 or q < -0.425:
        tail: float = np.float64(u)
        if q > 0.0:
            tail = 1.0 - tail
        r = sqrt(-log_(tail))
        if r <= 5.0:
            r = r - 1.6
            above = 7.74545014278341407640e-4
            above = above * r + 2.27238449892691845833e-2
            above = above * r + 2.41780725177450611770e-1
            above = above * r + 1.27045825245236838258e0
            above = above * r + 3.64784832476320460504e0
            above = above * r + 5.76949722146069140550e0
            above = above * r + 4.63033784615654529590e0
            above = above * r + 1.42343711074968357734e0
            below = 1.05075007164441684324e-9
            below = below * r + 5.47593808499534494600e-4
            below = below * r + 1.51986665636164571966e-2
            below = below * r + 1.48103976427480074590e-1
            below = below * r + 6.89767334985100004550e-1
            below = below * r + 1.67638483018380384940e0
            below = below * r + 2.05319162663775882187e0
            below = below * r + 1.0
        else:
            r = r - 5.0
            above = 2.01033439929228813265e-7
            above = above * r + 2.71155556874348757815e-5
            above = above * r + 1.24266094738807843860e-3
            above = above * r + 2.65321895265761230930e-2
            above = above * r + 2.96560571828504891230e-1
            above = above * r + 1.78482653991729133580e0
            above = above * r + 5.46378491116411436990e0
            above = above * r + 6.65790464350110377720e0
            below = 2.04426310338993978564e-15
            below = below * r + 1.42151175831644588870e-7
            below = below * r + 1.84631831751005468180e-5
            below = below * r + 7.86869131145613259100e-4
            below = below * r + 1.48753612908506148525e-2
            below = below * r + 1.36929880922735805310e-1
            below = below * r + 5.99832206555887937690e-1
            below = below * r + 1.0
        result = above / below
        if q < 0.0:
            result = -result
    return result

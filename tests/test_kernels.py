"""The four functions with fixed bits, and a cache that notices an edit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, ndtri

import sim.kernels
from sim.kernels import announce_compilation, exp_, kernel, log_, logistic, normal_quantile

PACKAGE = Path(sim.kernels.__file__).parent


@kernel
def _all_four(x, u, exponentials, logarithms, probabilities, quantiles):
    for i in range(x.size):
        exponentials[i] = exp_(x[i])
        logarithms[i] = log_(exponentials[i])
        probabilities[i] = logistic(x[i])
        quantiles[i] = normal_quantile(u[i])


@kernel
def _log_each(x, out):
    for i in range(x.size):
        out[i] = log_(x[i])


def four(x, u):
    out = np.full((4, x.size), np.nan)
    _all_four(x, u, *out)
    return out


def test_the_four_functions_are_accurate():
    x = np.linspace(-700.0, 700.0, 1_000_001)
    middle = (np.arange(500_001) + 0.5) / 500_001
    tail = np.exp(-np.linspace(1.0, 690.0, 500_000))
    u = np.concatenate([middle, tail])
    exponentials, logarithms, probabilities, quantiles = four(x, u)
    np.testing.assert_allclose(exponentials, np.exp(x), rtol=1e-14)
    np.testing.assert_allclose(logarithms, x, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(probabilities, expit(x), rtol=1e-14)
    np.testing.assert_allclose(quantiles, ndtri(u), rtol=1e-13, atol=1e-14)


def test_logarithms_near_one_keep_their_digits():
    x = np.linspace(0.5, 1.5, 100_001)
    out = np.empty_like(x)
    _log_each(x, out)
    np.testing.assert_allclose(out, np.log(x), rtol=1e-14, atol=0)


def test_the_ends_are_finite_or_say_so():
    exponentials, _, probabilities, _ = four(np.array([-1e9, -709.0, 709.0, 1e9, np.nan]), np.full(5, 0.5))
    assert np.isfinite(exponentials[:4]).all()
    assert (exponentials[:4] > 0).all()
    assert np.isnan(exponentials[4])
    assert (probabilities[:4] >= 0).all()
    assert (probabilities[:4] <= 1).all()
    out = np.empty(4)
    _log_each(np.array([0.0, -1.0, np.inf, np.nan]), out)
    assert list(out[:3]) == [-np.inf, -np.inf, np.inf]
    assert np.isnan(out[3])


def test_the_bits_are_those_of_plain_ieee_arithmetic():
    """Python rounds every operation by itself, so equal bits show that nothing was fused or reordered."""
    rng = np.random.default_rng(0)
    x, u = rng.normal(0.0, 20.0, 2_000), rng.random(2_000)
    u[:500] = u[:500] ** 20
    exponentials, logarithms, _, quantiles = four(x, u)
    in_python = {"exp_": exp_.py_func, "log_": log_.py_func, "normal_quantile": normal_quantile.py_func}
    assert [in_python["exp_"](a) for a in x] == list(exponentials)
    assert [in_python["log_"](a) for a in exponentials] == list(logarithms)
    assert [in_python["normal_quantile"](a) for a in u] == list(quantiles)


def test_float32_goes_in_and_float64_comes_out():
    assert exp_(np.float32(1.0)) == exp_(1.0)
    assert logistic(np.float32(0.0)) == 0.5


def test_compilation_is_announced_once():
    @kernel
    def newcomer(x):
        return logistic(x[0])

    told = []
    with announce_compilation(told.append):
        newcomer(np.zeros(1))
        newcomer(np.zeros(1))
    assert told in (["newcomer"], [])  # empty where an earlier test run left it in the cache


def test_a_home_that_cannot_be_written_to_is_no_matter(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    folder = sim.kernels._cache_folder()
    assert folder.is_dir()
    assert tmp_path not in folder.parents
    folder.rmdir()


def test_the_hash_covers_every_file_with_a_kernel_and_what_it_imports():
    sources = sim.kernels._kernel_sources()
    for path in PACKAGE.rglob("*.py"):
        if b"from sim.kernels import" in path.read_bytes():
            assert ".".join(("sim", *path.relative_to(PACKAGE).with_suffix("").parts)) in sources
    assert "sim.draws" in sources


@pytest.fixture
def copied_package(tmp_path):
    folder = tmp_path / "sim"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    shutil.copy(PACKAGE / "kernels.py", folder / "kernels.py")
    (folder / "equation.py").write_text(
        "from sim.numbers import STEP\nfrom sim.kernels import kernel\n\n\n@kernel\ndef grow(x):\n    return x + STEP\n"
    )
    (folder / "numbers.py").write_text("STEP = 1\n")
    (folder / "month.py").write_text(
        "from sim.equation import grow\nfrom sim.kernels import kernel\n\n\n"
        "@kernel\ndef run(x):\n    return 10 * grow(x)\n"
    )
    return tmp_path


def run_copy(folder):
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    code = (
        "import sim.month, sim.kernels\nassert sim.__file__.startswith(" + repr(str(folder)) + ")\ntold = []\n"
        "with sim.kernels.announce_compilation(told.append):\n    print(sim.month.run(1), 'run' in told)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_an_edited_equation_is_seen_by_the_kernels_that_import_it(copied_package):
    assert run_copy(copied_package) == "20 True"
    assert run_copy(copied_package) == "20 False", "the second run should find the kernel in the cache"
    equation = copied_package / "sim" / "equation.py"
    equation.write_text(equation.read_text().replace("x + STEP", "x + 2 * STEP"))
    assert run_copy(copied_package) == "30 True"
    (copied_package / "sim" / "numbers.py").write_text("STEP = 3\n")
    assert run_copy(copied_package) == "70 True"

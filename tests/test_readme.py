"""What the README tells people to type works."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.mechanisms import MECHANISMS
from sim.scenario import Scenario

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
DATA = Path(os.environ.get("CATFISH_DATA", "no data"))
#: The two commands of the first page: they install, or run all tests. Other tests cover what they call.
INSTALL = "pip install uv && "
CATFISH = "uv run catfish"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder with the files that the README tells people to write."""
    place = tmp_path_factory.mktemp("readme")
    for block in blocks("toml"):
        name = re.match(r"# (\S+\.toml)\n", block)
        assert name, "a TOML block begins with its file's name"
        (place / name[1]).write_text(block, encoding="utf-8")
    return place


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=300)


def test_the_two_commands_are_there():
    assert COMMANDS[0] == f"{INSTALL}uv run catfish run"
    assert COMMANDS[1] == f"{INSTALL}uv run --all-extras --group dev pytest"


@pytest.mark.slow
def test_every_command_works(folder):
    for line in COMMANDS:
        if line.startswith(INSTALL):
            continue
        assert line.startswith(CATFISH), f"not a command that this test knows: {line}"
        arguments = shlex.split(line.removeprefix(CATFISH))
        if arguments[0] == "validate":  # needs data that is not in the project; see the next test
            continue
        if arguments[0] == "run":
            assert "--months" in arguments, f"too long for a test: {line}"
        done = run([sys.executable, "-m", "sim", *arguments], folder)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert done.stdout.strip(), line


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "villages").is_dir() or not (DATA / "districts").is_dir(),
    reason="CATFISH_DATA names no folder with the outside data; README, 'Held against outside data', says where it is",
)
def test_the_command_on_outside_data_works_on_the_real_data(folder):
    (line,) = (line for line in COMMANDS if line.startswith(f"{CATFISH} validate"))
    arguments = shlex.split(line.removeprefix(CATFISH))
    arguments[arguments.index("--data") + 1] = str(DATA.resolve())
    small = "from sim.studies.validation import outside; outside.USUAL = outside.Effort(2, 1024, 3, 1, 0.01)"
    done = run([sys.executable, "-c", f"{small}; from sim.cli import main; main({arguments!r})"], folder)
    assert done.returncode == 0, done.stderr
    assert "loses" in done.stdout
    out = folder / "results" / "validation"
    assert len(pd.read_csv(out / "villages-sealed.csv")) == 14
    sealed = pd.read_csv(out / "districts-sealed.csv")
    assert list(sealed.columns) == ["state", "district", "year", "quarter", "p10", "p50", "p90"]
    users = pd.read_csv(DATA / "districts" / "users.csv")
    assert len(sealed) == 3 * len(users.loc[users["split"] == "sealed", ["state", "district"]].drop_duplicates())


@pytest.mark.slow
def test_every_python_block_runs(folder):
    for block in blocks("python"):
        done = run([sys.executable, "-W", "error", "-c", block], folder)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout.strip(), block


def test_the_scenario_changes_what_it_says(folder):
    scenario = Scenario.load(folder / "later-push.toml")
    assert scenario.extends == "neixiang"
    assert len(scenario.settings) == 3


def test_every_mechanism_is_named():
    assert not [name for name in MECHANISMS if f"`{name}`" not in TEXT]


@pytest.mark.parametrize(
    "page", ["README.md", "CHANGELOG.md", "scenarios/README.md", "sim/ODD.md", "sim/VALIDATION.md"]
)
def test_links_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target.partition("#")[0]).exists(), f"{page} links to {target}"


@pytest.mark.parametrize("marker", ["patterns", "speed"])
def test_what_a_run_fills_in_stands_between_markers(marker):
    assert TEXT.count(f"<!-- {marker} -->") == TEXT.count(f"<!-- /{marker} -->") == 1


def test_the_citation_names_this_version():
    from importlib.metadata import version

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^cff-version: 1\.2\.0$", citation, flags=re.MULTILINE)
    assert re.search(rf"^version: {re.escape(version('catfish'))}$", citation, flags=re.MULTILINE)
    assert f"## [{version('catfish')}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

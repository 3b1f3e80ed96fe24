"""`catfish check`, `scenarios`, `parameters`, `levers`, and how the command ends."""

import os
import pty
import re
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

import sim
import sim.scenario
from sim.cli import main
from sim.command.listing import plain_table, show_range, show_value
from sim.errors import CatfishError
from sim.parameters import DECLARED, Table
from sim.scenario import scenarios

COMMAND = [sys.executable, "-m", "sim"]


def catfish(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def refused(*args):
    result = catfish(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    said = result.stderr
    assert said.count("\n") == 1, said
    assert said.startswith("catfish: ")
    return said


# --- what is listed


@pytest.mark.parametrize("name", scenarios())
def test_every_shipped_scenario_is_listed_and_checked(name):
    listed = catfish("scenarios").stdout
    assert re.search(rf"^{name} ", listed, re.M)
    scenario = sim.scenario.Scenario.load(name)
    for text in (scenario.title, scenario.question, scenario.source):
        assert text in " ".join(listed.split()), "nothing is cut off"
    result = catfish("check", name)
    assert result.exit_code == 0, result.output
    assert name in result.stdout


@pytest.mark.parametrize(
    ("command", "tables"), [("levers", {Table.POLICY}), ("parameters", {Table.ASSUMPTIONS, Table.COUNTY})]
)
def test_everything_is_listed_whole(command, tables):
    lines = catfish(command).stdout.splitlines()
    assert "…" not in "".join(lines)
    for row in sim.scenario.Scenario.load("neixiang").describe():
        if row["table"] in tables:
            line = next(line for line in lines if line.startswith(f"{row['path']} "))
            for key in ("unit", "source", "text"):
                assert row[key] in line
    named = {line.split(" ")[0] for line in lines} & set(DECLARED)
    assert {DECLARED[path].table for path in named} == tables


def test_a_list_is_aligned():
    lines = [line for line in catfish("levers").stdout.splitlines() if line.split(" ")[0] in DECLARED]
    units = {line.index(f"  {DECLARED[line.split(' ')[0]].unit}  ", 20) for line in lines if "  date  " not in line}
    assert len(units) <= 2, "a source may hold a unit too"


def test_a_list_of_another_scenario_and_with_a_change():
    line = next(x for x in catfish("levers", "no-platform").stdout.splitlines() if x.startswith("platform.entry "))
    assert " never " in line
    shown = catfish("levers", "--set", "bank.alarm_level=0.123", "--set", "platform.entry=2018-05").stdout
    assert re.search(r"^bank\.alarm_level +0\.123 .*--set", shown, re.M)
    assert re.search(r"^platform\.entry +2018-05 ", shown, re.M)


def test_a_list_of_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n[policy.bank]\nalarm_level = { "2018-03" = 0.4 }\n', encoding="utf-8")
    assert "0.4" in next(x for x in catfish("levers", path).stdout.splitlines() if x.startswith("bank.alarm_level "))
    told = catfish("check", path)
    assert told.exit_code == 0
    assert "Mine" in told.stdout
    assert "bank.alarm_level" in told.stdout


@pytest.mark.parametrize("width", ["60", "100", "200"])
def test_a_terminal_cuts_nothing_off(width):
    mine, its = pty.openpty()
    environment = {**os.environ, "COLUMNS": width, "TERM": "xterm"}
    process = subprocess.Popen([*COMMAND, "levers"], stdout=its, stderr=its, env=environment)
    os.close(its)
    shown = b""
    while True:
        try:
            some = os.read(mine, 65536)
        except OSError:  # the other end is closed
            break
        if not some:
            break
        shown += some
    os.close(mine)
    assert process.wait() == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
    assert "…" not in text
    for path, declared in DECLARED.items():
        if declared.table is Table.POLICY:
            assert path in text


@pytest.mark.parametrize("command", ["check", "levers", "parameters"])
def test_a_stack_is_a_scenario(command):
    result = catfish(command, "guarantee-fund+credit-registry")
    assert result.exit_code == 0, result.output
    assert "credit-registry+guarantee-fund" in result.stdout
    if command == "levers":
        assert re.search(r"^government\.shared_registry_start +2018-05 ", result.stdout, re.M)
        assert re.search(r"^government\.guarantee_share +0\.8 ", result.stdout, re.M)
        assert catfish("levers", "--scenario", "guarantee-fund+credit-registry").stdout == result.stdout


def test_values_and_ranges_are_shown_as_people_read_them():
    assert [show_value(v) for v in (20_000.0, 0.0435, 3, 1e10, "never")] == [
        "20,000", "0.0435", "3", "10,000,000,000", "never",
    ]  # fmt: skip
    assert show_range((0.1, 0.2), (0, 1)) == "0.1 to 0.2"
    assert show_range((), (0, 1)) == "[0 to 1]"
    assert plain_table(("a", "b"), [("农", "1"), ("x", "2")]) == "a   b\n农  1\nx   2"


# --- what is wrong


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["parametres"], ["'parametres'", "'parameters'"]),
        (["q"], ["'q'", "check", "levers"]),
        (["--versoin"], ["--versoin", "--version"]),
        (["levers", "--sett", "x=1"], ["--sett", "--set"]),
        (["check"], ["FILE", "catfish check --help"]),
        (["check", "a", "b"], ["b", "catfish check --help"]),
        (["check", "neixang"], ["'neixang'", "'neixiang'"]),
        (["check", "rate-cap+low-rate-cpa"], ["'low-rate-cpa'", "did you mean 'low-rate-cap'?"]),
        (["check", "easy-lines+cautious-platform"], ["cannot be stacked", "platform.cutoff", "0.7", "0.2"]),
        (["check", "no-platform+platform-exit"], ["platform.exit is '2020-11'", "after platform.entry, 'never'"]),
        (["levers", "rate-cap+"], ["'rate-cap+'", "one side"]),
        (["run", "no-endorsement+short-push+rat-cap"], ["'rat-cap'"]),
        (["check", "none.toml"], ["none.toml", "No such file"]),
        (["check", "/"], ["/"]),
        (["levers", "--set", "bank.alarm_level"], ["--set", "path=value"]),
        (["levers", "--set", "bank.alarm_levl=1"], ["--set", "bank.alarm_levl", "bank.alarm_level"]),
        (["levers", "--set", "bank.alarm_level=2"], ["--set", "bank.alarm_level", "2", "from 0 to 1"]),
        (["parameters", "--set", "people.residents=many"], ["--set", "'many'", "10,000"]),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(args, words):
    said = refused(*args)
    for word in words:
        assert word in said, said


def test_a_sentence_stays_on_its_line_and_markup_is_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n"[bold]\\nx" = 1\n', encoding="utf-8")
    assert "[bold]" in refused("check", path)


# --- how it ends


def command_that(raises):
    """The command with one more, which raises."""

    @click.command("fall")
    def fall():
        raise raises

    return fall


@pytest.mark.parametrize(
    ("raises", "code", "said"),
    [
        (CatfishError("no\ngood"), 2, "catfish: no good\n"),
        (KeyboardInterrupt(), 130, None),
        (PermissionError(13, "Permission denied", "x/y"), 2, "catfish: x/y: Permission denied\n"),
        (OSError(28, "No space left on device"), 2, "catfish: No space left on device\n"),
        (SystemExit(1), 1, ""),
    ],
)
def test_how_the_command_ends(monkeypatch, raises, code, said):
    monkeypatch.setitem(main.commands, "fall", command_that(raises))
    result = catfish("fall")
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert result.stderr.strip() == "" if said is None else result.stderr == said


def test_a_mistake_of_ours_is_not_hidden(monkeypatch):
    monkeypatch.setitem(main.commands, "fall", command_that(ZeroDivisionError()))
    assert isinstance(catfish("fall").exception, ZeroDivisionError)


def test_without_a_command_it_says_what_there_is():
    result = catfish()
    assert result.exit_code == 0
    for name in ("check", "scenarios", "parameters", "levers"):
        assert name in result.stdout
        assert catfish(name, "--help").exit_code == 0


def test_a_closed_pipe_is_quiet():
    process = subprocess.Popen([*COMMAND, "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) in (0, 141), "0 where all of it fits into the pipe"


def test_the_version_comes_at_once_and_without_the_model():
    code = "import sys; sys.argv[1:] = ['--version']\nfrom sim.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print(*sorted({'numpy', 'numba', 'pandas', 'mesa', 'matplotlib', 'pydantic', 'rich'} & set(sys.modules)))"
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert time.perf_counter() - begun < 5, "0.1 s on a machine that is not busy"
    assert done.stdout == f"catfish {sim.__version__}\n\n"


def test_terminals_without_chinese_get_the_rest():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*COMMAND, "parameters"], capture_output=True, env=environment)
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_an_interrupt_inside_a_destructor_still_ends_the_command():
    program = (
        "import os, signal, sys, time\n"
        "from sim import cli\n"
        "class Swallows:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT); time.sleep(0.2)\n"
        "def slow(*args, **values):\n"
        "    Swallows()\n"
        "    time.sleep(20)\n"
        "cli.main.commands['scenarios'].callback = slow\n"
        "sys.argv = ['catfish', 'scenarios']\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr

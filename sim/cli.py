"""The `catfish` command: it parses, calls and prints; it computes nothing.

What a command needs is imported when it runs: `catfish --version` waits for no compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim import __version__
from sim.command.command_group import CommandGroup
from sim.errors import CatfishError

if TYPE_CHECKING:
    from sim.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])


@click.group(
    cls=CommandGroup,
    name="catfish",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="catfish", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Simulate how a county takes up digital finance, and what a platform's arrival makes the local bank do.

    A SCENARIO is the name of a shipped scenario (see `catfish scenarios`) or the path of a .toml file. Several may be
    laid together with a plus: guarantee-fund+credit-registry.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_scenario = click.option(
    "--scenario", default="neixiang", show_default=True, metavar="SCENARIO", help="Show the values of this scenario."
)
_county = click.option("--county", metavar="NAME", help="Put it in this county instead of its own.")
_set = click.option(
    "--set", "texts", multiple=True, metavar="PATH=VALUE", help="Change a value: bank.alarm_level=0.4. Repeatable."
)  # fmt: skip
_first = click.option(
    "--seed", "first", type=int, default=1, show_default=True, help="The first seed; the next ones follow."
)


def _scaled(usual: float) -> Callable[[F], F]:
    """Return the option of how much of the county is simulated, with so much by default."""
    return click.option(
        "--scale", type=float, default=usual, show_default=True, help="Share of the county that is simulated."
    )


_scale = _scaled(0.1)
_months = click.option("--months", type=int, default=60, show_default=True, help="How many months, from 2017-01.")


def _many(function: F) -> F:
    """Give a command the options that say where its runs are made."""
    jobs = click.option(
        "--jobs", type=click.IntRange(1, 1_000), help="Processes; by default as many as the work is worth."
    )
    cluster = click.option(
        "--cluster", metavar="ADDRESS", callback=_check_cluster,
        help="Make the runs on the Dask cluster at tcp://host:port instead.",
    )  # fmt: skip
    return jobs(cluster(function))


def _check_cluster(ctx: click.Context, option: click.Parameter, address: str | None) -> str | None:
    if address is None:
        return None
    if ctx.params.get("jobs"):
        raise click.UsageError("--jobs is for this machine and --cluster for others: give one of the two")
    from sim.executors import check_cluster

    return check_cluster(address, "--cluster")


_quiet = click.option("--quiet", is_flag=True, help="Print nothing.")


def _seeds(usual: int) -> Callable[[F], F]:
    """Return the option of how many seeds, with so many by default."""
    return click.option(
        "--seeds", type=click.IntRange(1, 10_000), default=usual, show_default=True, help="How many seeds."
    )


def _load(scenario: str, county: str | None, texts: tuple[str, ...]) -> Scenario:
    from sim.scenario import Scenario, read_settings

    return Scenario.load(scenario, county=county, overrides=read_settings(texts), where="--set")


@main.command()
@click.argument("scenario", metavar="FILE")
@_county
@_set
def check(scenario: str, county: str | None, texts: tuple[str, ...]) -> None:
    """Check a scenario FILE: what it changes, and what in it is hard to believe."""
    from sim.command.scenario_tables import print_check

    print_check(_load(scenario, county, texts))


@main.command()
def scenarios() -> None:
    """List the shipped scenarios."""
    from sim.command.scenario_tables import print_scenarios
    from sim.scenario import Scenario, scenarios

    print_scenarios([Scenario.load(name) for name in scenarios()])


@main.command()
@click.argument("words", nargs=-1, metavar="[SCENARIO] [WORD]...")
@_scenario
@_county
@_set
def parameters(words: tuple[str, ...], scenario: str, county: str | None, texts: tuple[str, ...]) -> None:
    """List what the model assumes, and the facts of the county; WORDs pick those that contain them."""
    _list("Assumptions and facts", ("assumptions", "county"), *_pick(words, scenario, county, texts))


@main.command()
@click.argument("words", nargs=-1, metavar="[SCENARIO] [WORD]...")
@_scenario
@_county
@_set
def levers(words: tuple[str, ...], scenario: str, county: str | None, texts: tuple[str, ...]) -> None:
    """List the levers of government, platform, bank and regulator, and shocks; WORDs pick those that contain them."""
    _list("Levers", ("policy",), *_pick(words, scenario, county, texts))


def _pick(
    words: tuple[str, ...], scenario: str, county: str | None, texts: tuple[str, ...]
) -> tuple[Scenario, tuple[str, ...]]:
    """Return the scenario, which may be the first word, and the other words."""
    from sim.scenario import is_scenario

    if words and is_scenario(words[0]):
        scenario, words = words[0], words[1:]
    return _load(scenario, county, texts), words


def _list(title: str, tables: tuple[str, ...], scenario: Scenario, words: tuple[str, ...]) -> None:
    from sim.command.scenario_tables import print_rows

    rows = [row for row in scenario.describe() if row["table"] in tables]
    picked = [row for row in rows if all(word.lower() in f"{row['path']} {row['text']}".lower() for word in words)]
    if not picked:
        raise CatfishError(f"none of {len(rows)} names and meanings contains {' '.join(words)!r}")
    print_rows(picked, f"{title} of {scenario.name}: {len(picked)}")


@main.command()
@click.argument("scenario", default="neixiang")
@_county
@_set
@_seeds(8)
@_first
@_scale
@_months
@_many
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results.  [default: results/SCENARIO, with --county results/SCENARIO-NAME]",
)
@_quiet
def run(
    scenario: str, county: str | None, texts: tuple[str, ...], seeds: int, first: int, scale: float, months: int,
    jobs: int | None, cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Simulate a SCENARIO and leave tables, charts and a record of all that went in."""
    from sim.limits import check_months, check_scale, check_seed
    from sim.storage.output_folder import check_free

    ready = _load(scenario, county, texts)
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    last = check_seed(check_seed(first, "--seed") + seeds - 1, "the last seed (--seed and --seeds)")
    folder = out or Path("results") / (f"{ready.name}-{county}" if county else ready.name)
    check_free(folder)
    from sim.command.terminal import announce, import_meanwhile, interruptible, print_verdicts, progress
    from sim.experiment import run_seeds
    from sim.storage.output_folder import replaced

    import_meanwhile("sim.figures")
    with interruptible(), announce(quiet), replaced(folder) as work:
        with progress("seed", seeds * months, months, quiet) as done:
            results = run_seeds(
                ready, range(first, last + 1), scale=scale, months=months, jobs=jobs, cluster=cluster, done=done
            )  # fmt: skip
        from sim.figures import CHARTS, save_charts

        results.save(work)
        charts = work / "charts"
        charts.mkdir()
        with progress("chart", len(CHARTS), 1, quiet) as done:
            save_charts(results, charts, done)
    if not quiet:
        print_verdicts(results.verdicts, results.sights)
        click.echo(f"\nTables, charts and the record of the run are in {folder}")


@main.command()
@click.argument("scenario", default="neixiang")
@_set
@_seeds(4)
@_first
@_scale
@_months
@_many
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the results.  [default: results/SCENARIO-effect]"
)
@_quiet
def effect(
    scenario: str, texts: tuple[str, ...], seeds: int, first: int, scale: float, months: int,
    jobs: int | None, cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Take apart what the platform's entry does in a SCENARIO: by itself, and by each of the bank's answers.

    Each seed is simulated with the platform and without, and in both with every set of the bank's price, speed,
    products and outreach. The parts add up to the whole exactly.
    """
    from sim.limits import check_months, check_scale, check_seed
    from sim.storage.output_folder import check_free

    ready = _load(scenario, None, texts)
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    last = check_seed(check_seed(first, "--seed") + seeds - 1, "the last seed (--seed and --seeds)")
    folder = out or Path("results") / f"{ready.name}-effect"
    check_free(folder)
    from sim.command.effect_tables import print_effect
    from sim.command.terminal import announce, interruptible, progress
    from sim.figures import save
    from sim.figures.waterfall import waterfall
    from sim.storage.output_folder import replaced
    from sim.studies.effect import catfish_effect, worlds_in_all

    with interruptible(), announce(quiet), replaced(folder) as work:
        with progress("seed", worlds_in_all(seeds), worlds_in_all(1), quiet) as done:
            found = catfish_effect(
                ready, range(first, last + 1), scale=scale, months=months, jobs=jobs, cluster=cluster, done=done
            )  # fmt: skip
        found.save(work)
        (work / "charts").mkdir()
        save(waterfall(found), work / "charts" / "waterfall.png")
    if not quiet:
        print_effect(found)
        click.echo(f"\nTables, the chart and the record of the worlds are in {folder}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--all", "held_out", is_flag=True, help="Run the worlds that P6 to P9 compare, and judge those.")
@click.option(
    "--seeds", type=click.IntRange(1, 10_000), default=8, show_default=True, help="How many seeds, with --all."
)
@click.option("--scale", type=float, default=0.1, show_default=True, help="Share of the county, with --all.")
@_many
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def patterns(
    ctx: click.Context, folder: Path | None, held_out: bool, seeds: int, scale: float, jobs: int | None,
    cluster: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Print the verdicts on the results in FOLDER, and with --all on the held-out patterns P6 to P9.

    The exit code is 1 when a pattern that may be fitted (P1, P2, P3, P5) is missed.
    """
    from sim.command.terminal import announce, interruptible, print_levels, print_rows, print_verdicts, progress
    from sim.limits import check_scale
    from sim.patterns.verdicts import any_missed
    from sim.results import Results

    if folder is None and not held_out:
        raise click.UsageError("give the FOLDER of a run, or --all")
    missed = False
    if folder is not None:
        results = Results.load(folder)
        print_verdicts(results.verdicts, results.sights)
        print_levels(results.level_rows)
        missed = any_missed(results.verdicts)
    if held_out:
        from sim.studies.held_out import held_out as judge
        from sim.studies.held_out import months_in_all

        scale = check_scale(scale, "--scale")
        with interruptible(), announce(quiet), progress("seed", months_in_all(seeds), months_in_all(1), quiet) as done:
            rows = judge(range(1, seeds + 1), scale, jobs=jobs, cluster=cluster, done=done)
        print_rows(rows, "Held-out patterns: nothing is calibrated on them", rules=True)
    ctx.exit(1 if missed else 0)


@main.command()
@click.argument("worlds", nargs=-1, required=True, metavar="SCENARIO SCENARIO...")
@_county
@_seeds(8)
@_first
@_scale
@_months
@_many
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.  [default: results/compare-…]")
@_quiet
@click.pass_context
def compare(
    ctx: click.Context, worlds: tuple[str, ...], county: str | None, seeds: int, first: int, scale: float, months: int,
    jobs: int | None, cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Compare SCENARIOs with the first: what each changes, in the same county with the same luck.

    Folders of runs that were made before may be given instead: results/neixiang results/no-platform.
    """
    from sim.limits import check_months, check_scale, check_seed

    folders = [each for each in worlds if _is_folder(each)]
    if folders:
        _check_only_folders(ctx, worlds, folders)
    ready = [] if folders else [_load(each, county, ()) for each in worlds]
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    last = check_seed(check_seed(first, "--seed") + seeds - 1, "the last seed (--seed and --seeds)")
    from sim.command.comparison_tables import folder_name, print_comparison
    from sim.command.terminal import announce, import_meanwhile, interruptible, progress
    from sim.storage.output_folder import check_free, replaced
    from sim.studies.compare import compare as side_by_side
    from sim.studies.comparison import Comparison

    before = Comparison.load(*folders) if folders else None
    names = before.names if before else [each.name for each in ready]
    folder = out or Path("results") / folder_name("compare", names, county)
    check_free(folder)
    import_meanwhile("sim.figures.comparison")
    with interruptible(), announce(quiet), replaced(folder) as work:
        if before is None:
            with progress("run", len(ready) * seeds * months, months, quiet) as done:
                comparison = side_by_side(
                    ready, range(first, last + 1), scale=scale, months=months, jobs=jobs, cluster=cluster, done=done
                )
        else:
            comparison = before
        from sim.figures.comparison import save_comparison_charts

        comparison.save(work)
        (work / "charts").mkdir()
        save_comparison_charts(comparison, work / "charts")
    if not quiet:
        print_comparison(comparison)
        click.echo(f"\nTables, charts and the record of the comparison are in {folder}")


def _is_folder(name: str) -> bool:
    """Tell whether an argument names a folder, and no scenario."""
    from sim.scenario import scenarios

    return name not in scenarios() and Path(name).is_dir()


def _check_only_folders(ctx: click.Context, worlds: tuple[str, ...], folders: list[str]) -> None:
    """Refuse scenarios beside folders, and options that would change what runs in folders are."""
    others = [each for each in worlds if each not in folders]
    if others:
        raise CatfishError(
            f"{others[0]} is a scenario and {folders[0]} is a folder: give scenarios to run, or folders of runs"
        )
    for name in ("county", "seeds", "first", "scale", "months", "jobs", "cluster"):
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            option = {"first": "seed"}.get(name, name)
            raise click.UsageError(f"--{option} is for scenarios; runs in folders have been made")


@main.command()
@click.argument("base", metavar="SCENARIO")
@click.argument("other", metavar="SCENARIO")
@_county
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of people and luck.")
@_scale
@_months
@_many
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.  [default: results/who-…]")
@_quiet
def who(
    base: str, other: str, county: str | None, seed: int, scale: float, months: int, jobs: int | None,
    cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Say who wins and who loses in the second SCENARIO against the first, resident by resident."""
    from sim.limits import check_months, check_scale, check_seed
    from sim.storage.output_folder import check_free

    worlds = [_load(each, county, ()) for each in (base, other)]
    seed, scale, months = check_seed(seed, "--seed"), check_scale(scale, "--scale"), check_months(months, "--months")
    from sim.command.comparison_tables import folder_name, print_who

    folder = out or Path("results") / folder_name("who", [each.name for each in worlds], county)
    check_free(folder)
    from sim.command.terminal import announce, interruptible, progress
    from sim.figures.comparison import save_people_chart
    from sim.storage.output_folder import replaced
    from sim.studies.who import months_in_all
    from sim.studies.who import who as who_wins

    with interruptible(), announce(quiet), replaced(folder) as work:
        with progress("world", months_in_all(months), months, quiet) as done:
            found = who_wins(*worlds, seed=seed, scale=scale, months=months, jobs=jobs, cluster=cluster, done=done)
        found.save(work)
        (work / "charts").mkdir()
        save_people_chart(found, work / "charts")
    if not quiet:
        print_who(found)
        click.echo(f"\nEvery resident, the stories, tables and a chart are in {folder}")


@main.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder with villages/ and districts/.",
)
@click.option("--predict-sealed", is_flag=True, help="Predict the outcomes that are withheld, too.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("results/validation"), show_default=True,
    help="Folder for the results.",
)  # fmt: skip
@_many
@_quiet
def validate(data: Path, predict_sealed: bool, out: Path, jobs: int | None, cluster: str | None, quiet: bool) -> None:
    """Hold the model against data that nobody here made: villages, districts, and effects of the literature."""
    from sim.command.terminal import announce, interruptible, progress
    from sim.storage.output_folder import check_free, replaced

    check_free(out)
    from sim.command.validation_tables import print_validation
    from sim.figures.validation import save_validation_charts
    from sim.studies.validation.outside import STEPS, read_outside
    from sim.studies.validation.outside import validate as hold_against

    read_outside(data)
    with interruptible(), announce(quiet), replaced(out) as work:
        with progress("step", STEPS, 1, quiet) as done:
            found = hold_against(data, predict_sealed, jobs=jobs, cluster=cluster, done=done)
        found.save(work)
        (work / "charts").mkdir()
        save_validation_charts(found, work / "charts")
    if not quiet:
        print_validation(found)
        click.echo(f"\nTables, charts and the record of the study are in {out}")


@main.command()
@click.argument("scenario", default="neixiang")
@click.option(
    "--vary",
    "ranges",
    multiple=True,
    required=True,
    metavar="PATH=LOW:HIGH",
    help="Vary a value: bank.alarm_level=0.4:0.6, platform.entry=2017-03:2018-03, bank.price=false:true. Repeatable.",
)
@click.option(
    "--points",
    type=click.IntRange(1, 1_000_000),
    default=16,
    show_default=True,
    help="How many points; with a grid so many values of each.",
)
@click.option(
    "--design",
    type=click.Choice(["latin", "sobol", "grid"]),
    default="latin",
    show_default=True,
    help="Latin hypercube, Sobol points, or all combinations.",
)
@_county
@_set
@_seeds(1)
@_first
@_scale
@_months
@_many
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the runs.  [default: results/SCENARIO-sweep]")
@_quiet
def sweep(
    scenario: str, ranges: tuple[str, ...], points: int, design: Any, county: str | None, texts: tuple[str, ...],
    seeds: int, first: int, scale: float, months: int, jobs: int | None, cluster: str | None, out: Path | None,
    quiet: bool,
) -> None:  # fmt: skip
    """Run a SCENARIO at many points of some ranges, and say what moves with what.

    Every finished run is kept at once. Stopped at any moment and started again with the same words, it goes on with
    the runs that are missing. Every point has the same seeds, so what differs between points is never luck; the points
    are drawn from the first seed.
    """
    from sim.limits import check_months, check_scale, check_seed
    from sim.studies.sweep_design import read_axes

    ready, vary = _load(scenario, county, texts), read_axes(ranges)
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    last = check_seed(check_seed(first, "--seed") + seeds - 1, "the last seed (--seed and --seeds)")
    from sim.command.sweep_tables import print_sweep
    from sim.command.terminal import announce, interruptible, progress, resumable
    from sim.figures import save
    from sim.figures.sweep import sweep_chart
    from sim.studies.sweep import plan_sweep, run_plan

    plan = plan_sweep(
        ready, vary, points, design=design, seeds=range(first, last + 1), scale=scale, months=months, where="--vary"
    )
    folder = out or Path("results") / f"{ready.name}-sweep"
    with resumable(quiet), interruptible(), announce(quiet):
        with progress("run", plan.runs, 1, quiet) as done:
            found = run_plan(plan, folder, jobs=jobs, cluster=cluster, done=done)
        found.save_summary()
        (folder / "charts").mkdir(exist_ok=True)
        save(sweep_chart(found), folder / "charts" / "sweep.png")
    if not quiet:
        print_sweep(found)
        click.echo(f"\nThe runs, a table and a chart are in {folder}")


@main.command()
@click.argument("scenario", default="neixiang")
@click.option("--counties", type=int, default=1000, show_default=True, help="How many counties.")
@_set
@click.option("--seed", type=int, default=1, show_default=True, help="Of the counties, and of the luck in all of them.")
@_scale
@_months
@_many
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the runs.  [default: results/SCENARIO-rollout]"
)
@_quiet
def rollout(
    scenario: str, counties: int, texts: tuple[str, ...], seed: int, scale: float, months: int, jobs: int | None,
    cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Try the policy of a SCENARIO in many counties, and say which tip, how fast, and what the bank's answer rests on.

    Counties are drawn from ranges of Chinese counties: people, ages, incomes, shops, migrants, the rural bank. Every
    finished county is kept at once: stopped and started again with the same words, it goes on with those missing.
    """
    from sim.limits import check_months, check_scale, check_seed

    ready, seed = _load(scenario, None, texts), check_seed(seed, "--seed")
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    from sim.command.rollout_tables import print_rollout
    from sim.command.terminal import announce, interruptible, progress, resumable
    from sim.figures import save
    from sim.figures.rollout import rollout_chart
    from sim.studies.rollout import Rollout, plan_rollout
    from sim.studies.sweep import make_runs

    plan = plan_rollout(ready, counties, seed=seed, scale=scale, months=months, where="--counties")
    folder = out or Path("results") / f"{ready.name}-rollout"
    with resumable(quiet), interruptible(), announce(quiet):
        with progress("county", plan.runs, 1, quiet) as done:
            make_runs(plan, folder, jobs=jobs, cluster=cluster, done=done)
        found = Rollout(folder)
        found.save_tables()
        (folder / "charts").mkdir(exist_ok=True)
        save(rollout_chart(found), folder / "charts" / "rollout.png")
    if not quiet:
        print_rollout(found)
        click.echo(f"\nThe runs, tables and a chart are in {folder}")


@main.command()
@click.argument("scenario", default="neixiang")
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="What may be moved; several of them. See MEASURES.md."
)
@click.option(
    "--only", multiple=True, metavar="GROUP", help="Only this group of parameters, or this parameter. Repeatable."
)
@click.option(
    "--trajectories",
    type=click.IntRange(2, 1_000),
    default=4,
    show_default=True,
    help="First step, Morris: each is a run for each parameter, and one more.",
)
@click.option(
    "--samples", type=int, default=64, show_default=True, help="Second step, Sobol: a power of two; each is ten runs."
)
@_county
@_set
@_seeds(1)
@_first
@_scaled(0.02)
@_months
@_many
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the runs.  [default: results/SCENARIO-sensitivity]"
)
@_quiet
def sensitivity(
    scenario: str, measures: tuple[str, ...], only: tuple[str, ...], trajectories: int, samples: int,
    county: str | None, texts: tuple[str, ...], seeds: int, first: int, scale: float, months: int, jobs: int | None,
    cluster: str | None, out: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Say which parameters of a SCENARIO matter, each within its plausible range.

    First the effects of every parameter that has a range (Morris), then the parts of the variance of the eight that
    matter most (Sobol). One run is measured before, and how long all will take is said. Every finished run is kept:
    stopped and started again it goes on, and other measures may be asked of the same folder. Every point has the same
    seeds, so what differs between points is never luck. Stocks are taken at the end of the run, flows and rates as
    mean of its last year.
    """
    from sim.limits import check_months, check_scale, check_seed

    ready = _load(scenario, county, texts)
    scale, months = check_scale(scale, "--scale"), check_months(months, "--months")
    last = check_seed(check_seed(first, "--seed") + seeds - 1, "the last seed (--seed and --seeds)")
    from sim.command.sensitivity_tables import print_sensitivity
    from sim.command.terminal import announce, interruptible, progress, resumable
    from sim.figures import save
    from sim.figures.sensitivity import sensitivity_chart
    from sim.studies.sensitivity import ASKED, answer, ask, estimate
    from sim.studies.sweep import check_measures

    names = check_measures(measures, "--measure") or list(ASKED)
    asked = ask(
        ready, only=only, trajectories=trajectories, samples=samples, seeds=range(first, last + 1), scale=scale,
        months=months,
    )  # fmt: skip
    folder = out or Path("results") / f"{ready.name}-sensitivity"
    with resumable(quiet), interruptible(), announce(quiet):
        if not quiet:
            click.echo(f"{estimate(asked, folder, jobs, cluster)}.", err=True)
        with progress("run", asked.runs, 1, quiet) as done:
            found = answer(asked, names, folder, jobs=jobs, cluster=cluster, done=done)
        found.save_tables()
        (folder / "charts").mkdir(exist_ok=True)
        save(sensitivity_chart(found), folder / "charts" / "sensitivity.png")
    if not quiet:
        print_sensitivity(found)
        click.echo(f"\nThe runs, tables and a chart are in {folder}")

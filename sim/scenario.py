"""A scenario: a county, what is assumed, and a policy; read from TOML files that state only their differences."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from sim.assumptions import Assumptions
from sim.county import County
from sim.dates import NEVER, show_month
from sim.errors import CatfishError
from sim.parameters import DECLARED, GROUPS, Declaration, Table, nearest
from sim.policy import Policy
from sim.reading.county_file import read_county
from sim.reading.settings import Setting, override, table_of
from sim.reading.stack import COUNTY, Part, lay_together, read_part
from sim.reading.toml_files import TomlFile, read_toml, show

_PACKAGE = Path(__file__).parent
LONGEST_CHAIN = 20
LONGEST_TEXT = 2_000
_EXAMPLE = "guarantee-fund+credit-registry"
_TEXTS = ("title", "question", "source", "extends", "county")
_KEYS = (*_TEXTS, "assumptions", "policy")


def scenario_folder() -> Path:
    """Return the folder of shipped scenarios: of the checkout, or inside the installed package."""
    checkout = _PACKAGE.parent / "scenarios"
    return checkout if (checkout / "neixiang.toml").is_file() else _PACKAGE / "data" / "scenarios"


def scenarios() -> dict[str, Path]:
    """Return the shipped scenarios by name."""
    return {path.stem: path for path in sorted(scenario_folder().glob("*.toml"))}


def counties() -> dict[str, Path]:
    """Return the shipped counties by name."""
    return {path.stem: path for path in sorted((scenario_folder() / "counties").glob("*.toml"))}


@dataclass(frozen=True)
class Scenario:
    """A scenario, complete.

    Attributes
    ----------
    name, title, question, source : str
        Name; title; the question it answers; where it comes from.
    county : County
        Facts of the place.
    assumptions : Assumptions
        What is assumed, by group.
    policy : Policy
        The levers over time.
    settings : mapping of path to Setting
        What was set and where, everything else being as declared.
    extends : str
        The scenario, or for several laid together the scenarios, whose differences it takes over; empty: none.
    start : str
        The first month.
    months : int
        How many months a run has if nothing else is said.
    """

    name: str
    title: str
    question: str
    source: str
    county: County
    assumptions: Assumptions
    policy: Policy
    settings: Mapping[str, Setting] = field(repr=False)
    extends: str = ""
    start: str = "2017-01"
    months: int = 60

    @classmethod
    def load(
        cls, name_or_path: str | Path, county: str | None = None, overrides: Mapping[str, Any] | None = None,
        where: str = "keyword argument",
    ) -> Scenario:  # fmt: skip
        """Read a scenario by name or from a file, or several laid together.

        Parameters
        ----------
        name_or_path : str or Path
            A shipped scenario's name, or the path to a ``.toml`` file; or several of them joined by "+".
        county : str, optional
            Run it on this county instead of its own.
        overrides : mapping of path to value, optional
            Values that go before the files'.
        where : str
            Where the overrides come from, for error messages.

        Raises
        ------
        CatfishError
            If anything in the files or overrides is wrong, or scenarios contradict each other: one sentence that says
            what, where and what would be right.
        """
        stack = lay_together([_read_part(part) for part in _parts(name_or_path)], at_home=county is None)
        settings = override(stack.settings, overrides or {}, where)
        return _build(stack.name, stack.texts, county or stack.county, settings)

    def replace(self, overrides: Mapping[str, Any], where: str = "keyword argument") -> Scenario:
        """Return the same scenario with some values changed."""
        texts = {name: getattr(self, name) for name in ("title", "question", "source", "extends")}
        return _build(self.name, texts, self.county.name, override(self.settings, overrides, where))

    def describe(self) -> list[dict[str, Any]]:
        """Return a row for every parameter: path, value, unit, ranges, source, meaning and table."""
        rows = []
        for path, each in DECLARED.items():
            setting = self.settings.get(path)
            source = setting.source if setting else each.source or self.county.sources[path]
            rows.append(
                {
                    "path": path, "value": self.shown(each), "unit": each.unit,
                    "range": list(each.plausible or self.county.ranges.get(path, ())), "allowed": list(each.allowed),
                    "source": source, "text": each.text, "table": str(each.table),
                }
            )  # fmt: skip
        return rows

    def shown(self, each: Declaration) -> Any:
        """Return a parameter's value as a scenario writes it: dates as text, a lever's table from date to value."""
        if each.path in self.settings:
            return self.settings[each.path].value
        if each.table is Table.COUNTY:
            return getattr(self.county.groups[each.path.partition(".")[0]], each.name)
        return each.default

    def _repr_html_(self) -> str:
        head = f"<p><b>{escape(self.title)}</b> ({escape(self.name)}), {escape(self.county.title)}. "
        changed = [row for row in self.describe() if row["path"] in self.settings]
        if not changed:
            return f"{head}{escape(self.question)}</p><p>It changes no value.</p>"
        names = {
            "path": "name",
            "value": "value",
            "before": "instead of",
            "unit": "unit",
            "source": "source",
            "text": "meaning",
        }
        lines = ["".join(f"<th>{name}</th>" for name in names.values())]
        for row in changed:
            told = {**row, "before": DECLARED[row["path"]].default}
            lines.append("".join(f"<td>{escape(str(told[key]))}</td>" for key in names))
        table = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"{head}{escape(self.question)}</p><table>{table}</table>"


def read_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Return values by path from texts such as ``bank.alarm_level=0.5``, as ``--set`` takes them.

    A value is written as in TOML; a date, and ``never``, need no quotes.
    """
    found = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not equals or not path.strip() or not value.strip():
            raise CatfishError(f"--set: {show(text)} is not of the form path=value, for example bank.alarm_level=0.5")
        found[path.strip()] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # a date such as 2018-03, or never
        return text
    return document["value"] if set(document) == {"value"} else text


def is_scenario(text: str) -> bool:
    """Tell whether a text looks like a scenario: a shipped name or a file, or one of several joined by "+"."""
    return any(part in scenarios() or part.endswith(".toml") for part in (text, *text.split("+")))


def _parts(name_or_path: str | Path) -> list[str]:
    """Return the names and paths that are joined by "+"; a file may have one in its own path."""
    text = str(name_or_path)
    if "+" not in text or os.path.isfile(text):
        return [text]
    parts = [part.strip() for part in text.split("+")]
    if not all(parts):
        raise CatfishError(f"{show(text)} has nothing on one side of a +, but must join names such as {_EXAMPLE}")
    return parts


def _read_part(name_or_path: str) -> Part:
    """Return a scenario with its ancestors, each in a county that is shipped."""
    files = _read_chain(name_or_path)
    for file in files:
        if COUNTY in file.values:
            name = file.values[COUNTY]
            _shipped(name, counties(), f"{file.where(COUNTY)}: county is {show(name)}", "county")
    return read_part(files)


def _read_chain(name_or_path: str) -> list[TomlFile]:
    """Return a scenario's file and its ancestors', the scenario first."""
    path = _find(name_or_path)
    chain: list[TomlFile] = []
    while True:
        names = [file.path.stem for file in chain]
        if any(path.resolve() == file.path.resolve() for file in chain):
            circle = " extends ".join([*names, path.stem])
            raise CatfishError(f"{chain[0].path}: its parents go in a circle: {circle}")
        if len(chain) > LONGEST_CHAIN:
            raise CatfishError(f"{chain[0].path}: it has more than {LONGEST_CHAIN} parents")
        file = _read(path)
        chain.append(file)
        parent = file.values.get("extends")
        if parent is None:
            return chain
        path = _shipped(parent, scenarios(), f"{file.where('extends')}: extends is {show(parent)}", "scenario")


def _shipped(name: str, known: Mapping[str, Path], begin: str, what: str) -> Path:
    """Return the file of a shipped scenario or county, named in a file or on the command line."""
    if name in known:
        return known[name]
    if name.endswith(".toml") or "/" in name or "\\" in name:
        raise CatfishError(f"{begin}, but must be the name of a shipped {what}, not a path: {', '.join(known)}")
    hint = nearest(name, known) or f": {', '.join(known)}"
    raise CatfishError(f"{begin}, but must be the name of a shipped {what}{hint}")


def _find(text: str) -> Path:
    """Return the file of a scenario given by name or path."""
    known = scenarios()
    if text in known:
        return known[text]
    if text.endswith(".toml"):
        return Path(text)
    hint = nearest(text, known) or f"; the shipped ones are {', '.join(known)}"
    more = ", and a file's name must end with .toml" if "/" in text or "\\" in text or Path(text[:200]).exists() else ""
    raise CatfishError(f"there is no scenario {show(text)}{more}{hint}")


def _read(path: Path) -> TomlFile:
    """Read a scenario's file and check its outermost keys."""
    file = read_toml(path)
    for key, value in file.values.items():
        if key not in _KEYS:
            raise CatfishError(f"{file.where(key)}: {show(key)} is not a key of a scenario{_hint(key)}")
        if key in _TEXTS and (not isinstance(value, str) or not value.strip()):
            raise CatfishError(f"{file.where(key)}: {key} is {show(value)}, but must be text")
        if key in _TEXTS and (len(value) > LONGEST_TEXT or not value.replace("\n", " ").isprintable()):
            raise CatfishError(
                f"{file.where(key)}: {key} is {show(value)}, but must be at most {LONGEST_TEXT:,} printable characters"
            )
    if "title" not in file.values:
        raise CatfishError(f'{path}: the title is missing; write title = "..."')
    return file


def _hint(key: str) -> str:
    if key in GROUPS:
        table = table_of(key)
        return f"; {key} belongs under [{table}.{key}]" if table is not Table.COUNTY else "; it is a fact of the county"
    return nearest(key, _KEYS)


def _build(name: str, texts: Mapping[str, str], county: str | None, settings: dict[str, Setting]) -> Scenario:
    """Put a scenario together from checked settings."""
    parts: dict[Table, dict[str, Setting]] = {table: {} for table in Table}
    for path, setting in settings.items():
        parts[DECLARED[path].table][path] = setting
    groups: dict[str, dict[str, Any]] = {group: {} for group in Assumptions.model_fields}
    for path, setting in parts[Table.ASSUMPTIONS].items():
        group, _, short = path.partition(".")
        groups[group][short] = setting.value
    assumptions = Assumptions(**{group: GROUPS[group](**values) for group, values in groups.items()})
    policy = Policy({path: setting.value for path, setting in parts[Table.POLICY].items()})
    _check_order(policy, settings)
    home = county or "neixiang"
    place = read_county(
        home, read_toml(_shipped(home, counties(), f"the county is {show(home)}", "county")),
        {path: (setting.value, setting.where) for path, setting in parts[Table.COUNTY].items()},
    )  # fmt: skip
    title, question, source, extends = (texts.get(key, "") for key in ("title", "question", "source", "extends"))
    return Scenario(name, title, question, source, place, assumptions, policy, settings, extends)


def _check_order(policy: Policy, settings: Mapping[str, Setting]) -> None:
    """Refuse an end before its start, and a smallest line above the largest."""

    def where(*paths: str) -> str:
        return next(settings[path].where for path in paths if path in settings)

    for start, levers in policy.stretches:
        platform = levers.platform
        if platform.exit != NEVER and platform.exit <= platform.entry:
            raise CatfishError(
                f"{where('platform.exit')}: platform.exit is {show_month(platform.exit)!r}, but must come after "
                f"platform.entry, {show_month(platform.entry)!r}"
            )
        if platform.line_low > platform.line_high:
            raise CatfishError(
                f"{where('platform.line_low', 'platform.line_high')}: platform.line_low is {platform.line_low:,.10g} "
                f"in {show_month(start)}, but must be at most platform.line_high, {platform.line_high:,.10g}"
            )

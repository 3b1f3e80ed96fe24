"""Reading a county's file: facts, each with its value, its source and, where it is uncertain, its plausible range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.county import FACT_GROUPS, County
from sim.errors import CatfishError
from sim.parameters import DECLARED, facts, nearest
from sim.reading.checks import check, declared
from sim.reading.sources import cited, is_key
from sim.reading.toml_files import TomlFile, show

_FORM = '{ value = ..., source = "..." }, with range = [low, high] where it is uncertain'
_MUST, _MAY = {"value", "source"}, {"value", "source", "range"}

#: Facts that are parts of one whole.
_PARTS = [
    *((f"people.under_40_{place}", f"people.over_60_{place}") for place in ("village", "seat", "town")),
    *((f"people.merchants_{place}", f"people.employees_{place}") for place in ("village", "seat", "town")),
]
#: Facts of which the first cannot be more than the second.
_AT_MOST = [
    ("people.seat_share", "people.urban_share"),
    ("people.townships", "people.villages"),
    ("rural_bank.policy_loan_households", "people.poor_households"),
]


def read_county(name: str, file: TomlFile, changed: Mapping[str, tuple[Any, str]]) -> County:
    """Return a county.

    Parameters
    ----------
    name : str
    file : TomlFile
    changed : mapping of str to (value, str)
        Facts to change, by path, each checked already, and who changes it.

    Raises
    ------
    CatfishError
        If a fact is missing, unknown, wrong or without a source, or if facts contradict each other.
    """
    title = _title(name, file)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    ranges: dict[str, tuple[float, ...]] = {}
    for path, entry in _entries(file):
        where = file.where(path)
        each = declared(path, where)
        form = entry if isinstance(entry, dict) else {}
        if not _MUST <= set(form) <= _MAY:
            raise CatfishError(f"{where}: {path} is {show(entry)}, but must be {_FORM}")
        values[path] = check(each, form["value"], where)
        sources[path] = _source(path, form["source"], where)
        ranges[path] = _range(path, form.get("range"), where)
    missing = [each.path for each in facts() if each.path not in values]
    if missing:
        raise CatfishError(f"{file.path}: the fact {missing[0]} is missing; write {missing[0]} = {_FORM}")
    values |= {path: value for path, (value, _) in changed.items()}
    _check_facts(values, lambda path: changed[path][1] if path in changed else file.where(path))
    groups: dict[str, Any] = {
        group: cls(**{fact: values[f"{group}.{fact}"] for fact in cls.model_fields})
        for group, cls in FACT_GROUPS.items()
    }
    return County(name=name, title=title, sources=sources, ranges=ranges, **groups)


def _title(name: str, file: TomlFile) -> str:
    title = file.values.get("title", name)
    if not isinstance(title, str):
        raise CatfishError(f"{file.where('title')}: title is {show(title)}, but must be text")
    return title


def _entries(file: TomlFile) -> Iterator[tuple[str, Any]]:
    """Yield the path and the entry of every fact in the file."""
    for group, entries in file.values.items():
        if group == "title":
            continue
        if group not in FACT_GROUPS:
            hint = nearest(group, ["title", *FACT_GROUPS])
            raise CatfishError(f"{file.where(group)}: {show(group)} is not a key of a county's file{hint}")
        for fact, entry in file.table(group, entries).items():
            yield f"{group}.{fact}", entry


def _source(path: str, source: Any, where: str) -> str:
    """Return a source in words; a key of the table of facts stands for publisher, title and year."""
    if not isinstance(source, str) or not source.strip():
        raise CatfishError(
            f"{where}: the source of {path} is {show(source)}, but must say who says so, or why it is assumed"
        )
    if not is_key(source):
        return source
    if source not in cited():
        hint = nearest(source, cited())
        raise CatfishError(f"{where}: {path} has the source {show(source)}, but facts.csv has no such key{hint}")
    return cited()[source]


def _range(path: str, given: Any, where: str) -> tuple[float, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) != 2:
        raise CatfishError(f"{where}: the range of {path} is {show(given)}, but must be [low, high]")
    low, high = (check(DECLARED[path], bound, f"{where}, range") for bound in given)
    if low > high:
        raise CatfishError(f"{where}: the range of {path} is {show(given)}, but must be [low, high]")
    return (low, high)


def _check_facts(values: Mapping[str, Any], where: Any) -> None:
    """Refuse facts that contradict each other."""
    for first, second in _PARTS:
        if values[first] + values[second] > 1.0:
            raise CatfishError(
                f"{where(first)}: {first} is {values[first]:g} and {second} is {values[second]:g}, "
                "but together they must be at most 1"
            )
    for small, large in _AT_MOST:
        if values[small] > values[large]:
            raise CatfishError(
                f"{where(small)}: {small} is {values[small]:,.10g}, but must be at most {large}, {values[large]:,.10g}"
            )

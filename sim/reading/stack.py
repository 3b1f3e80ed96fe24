"""Scenarios laid together: what each of them changes, all at once; where two contradict each other, that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import CatfishError
from sim.reading.settings import Setting, set_all
from sim.reading.toml_files import TomlFile, show

COUNTY = "county"
#: A stack's name becomes the name of a folder.
LONGEST_NAME = 150


@dataclass(frozen=True)
class Part:
    """A scenario's file with its ancestors.

    Attributes
    ----------
    files : list of TomlFile
        The scenario first, then its parent and so on.
    settings : dict of path to Setting
        What they set together.
    set_by : dict of path to Path
        The file that set each of them last, and that named the county.
    """

    files: list[TomlFile]
    settings: dict[str, Setting]
    set_by: dict[str, Path]

    @property
    def name(self) -> str:
        """The name of the file, without its ending."""
        return self.files[0].path.stem

    def builds_on(self, path: Path) -> bool:
        """Tell whether a file is an ancestor of this one."""
        return path in [_place(file) for file in self.files[1:]]

    def value(self, path: str) -> Any:
        """Return what it sets, by path, or its county."""
        if path != COUNTY:
            return self.settings[path].value
        return next(file.values[COUNTY] for file in self.files if COUNTY in file.values)


@dataclass(frozen=True)
class Stack:
    """Scenarios laid together.

    Attributes
    ----------
    name : str
        The names of its parts, joined by "+".
    texts : dict of str to str
        Title, question, source, and what it extends.
    county : str or None
        The county that they name.
    settings : dict of path to Setting
        What they set together.
    """

    name: str
    texts: dict[str, str]
    county: str | None
    settings: dict[str, Setting]


def read_part(files: list[TomlFile]) -> Part:
    """Return a scenario's file and its ancestors as one part of a stack.

    Parameters
    ----------
    files : list of TomlFile
        The scenario first, then its parent and so on.

    Raises
    ------
    CatfishError
        If one of them sets something that cannot be.
    """
    settings: dict[str, Setting] = {}
    set_by: dict[str, Path] = {}
    for file in reversed(files):
        paths = [*set_all(settings, file), *([COUNTY] if COUNTY in file.values else [])]
        set_by |= dict.fromkeys(paths, _place(file))
    return Part(files, settings, set_by)


def lay_together(parts: Sequence[Part], at_home: bool = True) -> Stack:
    """Return scenarios laid together; their order does not matter.

    A part that another one builds on adds nothing. What a file sets gives way to what a file built on it sets.

    Parameters
    ----------
    parts : sequence of Part
    at_home : bool
        Whether the stack stays in the county that its parts name.

    Raises
    ------
    CatfishError
        If two parts set the same thing to different values, or name different counties; or if the name becomes too
        long for a folder.
    """
    own = _without_ancestors(parts)
    name = "+".join(part.name for part in own)
    if len(own) > 1 and len(name) > LONGEST_NAME:
        raise CatfishError(
            f"{show(name)} stacks too many scenarios: their names together may have {LONGEST_NAME} characters"
        )
    paths = dict.fromkeys(path for part in own for path in part.settings)
    settings = {path: _agreed(path, own).settings[path] for path in paths}
    named = at_home and any(COUNTY in part.set_by for part in own)
    return Stack(name, _texts(own), _agreed(COUNTY, own).value(COUNTY) if named else None, settings)


def _place(file: TomlFile) -> Path:
    return file.path.resolve()


def _without_ancestors(parts: Sequence[Part]) -> list[Part]:
    """Return the parts by name, each once, without those that another one builds on."""
    by_place = {_place(part.files[0]): part for part in parts}
    own = {place: part for place, part in by_place.items() if not any(p.builds_on(place) for p in by_place.values())}
    return [own[place] for place in sorted(own, key=lambda place: (place.stem, place))]


def _agreed(path: str, parts: Sequence[Part]) -> Part:
    """Return a part whose value of something all others share, or give way to."""
    setting = [part for part in parts if path in part.set_by]
    last = [part for part in setting if not any(other.builds_on(part.set_by[path]) and
            other.set_by[path] != part.set_by[path] for other in setting)]  # fmt: skip
    first = last[0]
    for other in last[1:]:
        if other.value(path) != first.value(path):
            raise CatfishError(
                f"{first.name} and {other.name} cannot be stacked: {path} is {show(first.value(path))} in "
                f"{first.name}, but {show(other.value(path))} in {other.name}"
            )
    return first


def _texts(parts: Sequence[Part]) -> dict[str, str]:
    """Return title, question and source of a stack; a scenario by itself keeps its own."""
    heads = [part.files[0].values for part in parts]
    if len(parts) == 1:
        return {key: heads[0][key] for key in ("title", "question", "source", "extends") if key in heads[0]}

    def told(key: str, between: str) -> str:
        return between.join(head[key] for head in heads if key in head)

    names = ", ".join(part.name for part in parts)
    return {
        "title": told("title", " + "), "question": told("question", " "), "source": told("source", "; "),
        "extends": names,
    }  # fmt: skip

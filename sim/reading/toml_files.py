"""TOML files that people write: read safely, and every mistake told in a sentence with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import CatfishError

#: A scenario says a few dozen things; more is a mistake, or meant to keep the reader busy.
LARGEST_FILE = 128 * 1024
LONGEST_LINE = 2_000
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\"' -]+?)\s*=")


@dataclass(frozen=True)
class TomlFile:
    """A TOML file that was read.

    Attributes
    ----------
    path : Path
        The file.
    values : dict
        Its content.
    lines : dict of str to int
        Line of each key, by full name such as ``policy.bank.alarm_level``, as far as keys stand on lines of their own.
    """

    path: Path
    values: dict[str, Any]
    lines: dict[str, int] = field(repr=False)

    def where(self, key: str = "") -> str:
        """Return the file's name and the line of a key, to begin an error message with."""
        line = self.lines.get(key)
        return f"{self.path}, line {line}" if line else str(self.path)

    def table(self, key: str, value: Any) -> dict[str, Any]:
        """Return a value that must be a table."""
        if not isinstance(value, dict):
            raise CatfishError(f"{self.where(key)}: {key} is {show(value)}, but must be a table")
        return value


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file.

    Raises
    ------
    CatfishError
        If it cannot be read, is too large, has endless lines, is not UTF-8, is not TOML, or is nested absurdly.
    """
    data = _bytes(path)
    try:
        text = data.decode("utf-8-sig")  # Windows editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        raise CatfishError(f"{path}: byte {error.start + 1} is not UTF-8 text") from None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise CatfishError(f"{path}, line {number}: the line is longer than {LONGEST_LINE:,} characters")
    try:
        return TomlFile(path, tomllib.loads(text), _lines(text))
    except RecursionError:
        raise CatfishError(f"{path}: its tables or lists are nested too deeply") from None
    except ValueError as error:  # TOML's own errors, and numbers with thousands of digits
        raise CatfishError(f"{path}: it is not valid TOML: {_sentence(error)}") from None


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise CatfishError(f"{path}: it is not a file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CatfishError(f"{str(path)!r}: it cannot be read ({reason})") from None
    if len(data) > LARGEST_FILE:
        raise CatfishError(f"{path}: the file is larger than {LARGEST_FILE >> 10} KiB, too large for a scenario")
    return data


def _sentence(error: ValueError) -> str:
    """Return a parser's complaint in one short line."""
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else f"{text[:200]}…"


def _lines(text: str) -> dict[str, int]:
    """Return the line of each table and key that has one of its own."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.fullmatch(line.rstrip("\r")):
            table = _plain(header[1])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            name = _plain(key[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def show(value: Any) -> str:
    """Return a value as its author would write it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "isoformat"):
        return f"the date {value.isoformat()}"
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested absurdly; a number with thousands of digits
        return "too much to show"
    return text if len(text) <= 60 else f"{text[:57]}..."

"""Arrow tables of a run, and their bytes.

The tables carry units and definitions of their columns but no time stamps and nothing of the program that wrote them,
so equal runs give equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from sim import vocabulary
from sim.storage.output_folder import MANIFEST, PROGRAM

#: Columns whose unit names one of these hold its members, written by name.
_NAMED: dict[str, type[IntEnum]] = {
    name: found
    for name, found in vars(vocabulary).items()
    if isinstance(found, type) and issubclass(found, IntEnum) and found is not IntEnum
}


def dates(start: str, months: NDArray[np.int16]) -> list[str]:
    """Return months as dates, "2017-01" for month 0 of a run that starts then."""
    return [str(date) for date in np.datetime64(start, "M") + months.astype("timedelta64[M]")]


def _field(name: str, kind: pa.DataType, unit: str, text: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit, "definition": text})


def _named(codes: NDArray[Any], names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(list(names)))


_NAME = pa.dictionary(pa.int8(), pa.string())


def monthly_table(seed: int, start: str, monthly: NDArray[np.float64], measures: Mapping[str, Any]) -> pa.Table:
    """Return the monthly table of one seed: seed, month, date and a column for each measure.

    Parameters
    ----------
    seed : int
    start : str
        The first month, "2017-01".
    monthly : float64[months, measures]
    measures : mapping
        Name to an object with ``unit`` and ``definition``.
    """
    month = np.arange(len(monthly), dtype=np.int16)
    fields = [
        _field("seed", pa.int32(), "seed", "seed of the run"),
        _field("month", pa.int16(), "month", f"0 is {start}"),
        _field("date", pa.string(), "date", "year and month"),
    ]
    columns = [pa.array(np.full(len(month), seed, np.int32)), pa.array(month), pa.array(dates(start, month))]
    for k, (name, m) in enumerate(measures.items()):
        fields.append(_field(name, pa.float64(), m.unit, m.definition))
        columns.append(pa.array(np.ascontiguousarray(monthly[:, k])))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def group_table(
    seed: int,
    groups: Mapping[str, NDArray[np.float64]],
    names: Mapping[str, Sequence[str]],
    measures: Mapping[str, Sequence[Any]],
) -> pa.Table:
    """Return the long table of groups of one seed; what is not defined has no row.

    Parameters
    ----------
    seed : int
    groups : mapping of float64[months, groups, measures]
        By kind of group.
    names, measures : mapping
        Groups and measures of each kind.
    """
    kinds = list(groups)
    all_groups = list(dict.fromkeys(group for kind in kinds for group in names[kind]))
    all_measures = list(dict.fromkeys(m.name for kind in kinds for m in measures[kind]))
    parts: list[list[NDArray[Any]]] = []
    for k, kind in enumerate(kinds):
        values = groups[kind]
        axes = (
            np.arange(len(values), dtype=np.int16),
            np.array([all_groups.index(name) for name in names[kind]], np.int16),
            np.array([all_measures.index(m.name) for m in measures[kind]], np.int16),
        )
        month, group, measure = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
        there = ~np.isnan(values.ravel())
        kept = (
            month[there],
            np.full(int(there.sum()), k, np.int8),
            group[there],
            measure[there],
            values.ravel()[there],
        )
        parts.append([*kept])
    month, kind_code, group, measure, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    text = pa.dictionary(pa.int16(), pa.string())
    fields = [
        _field("seed", pa.int32(), "seed", "seed of the run"),
        _field("month", pa.int16(), "month", "0 is the run's first month"),
        _field("kind", _NAME, "name", "kind of group"),
        _field("group", text, "name", "group"),
        _field("measure", text, "name", "measure; see the manifest for unit and definition"),
        _field("value", pa.float64(), "unit of the measure", "value, at full size"),
    ]
    columns = [
        pa.array(np.full(len(month), seed, np.int32)),
        pa.array(month),
        _named(kind_code, kinds),
        pa.DictionaryArray.from_arrays(pa.array(group), pa.array(all_groups)),
        pa.DictionaryArray.from_arrays(pa.array(measure), pa.array(all_measures)),
        pa.array(value),
    ]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def record_table(seed: int, row_name: str, spec: Mapping[str, Any], column: Any) -> pa.Table:
    """Return records (loans, residents) of one seed, a row each.

    Parameters
    ----------
    seed : int
    row_name : str
        Name of the column that numbers the rows: "loan", "resident".
    spec : mapping
        Column name to an object with ``unit`` and ``text``.
    column : callable
        Of a column's name, its array.
    """
    arrays: dict[str, NDArray[Any]] = {name: column(name) for name in spec}
    count = len(next(iter(arrays.values())))
    fields = [
        _field("seed", pa.int32(), "seed", "seed of the run"),
        _field(row_name, pa.int32(), row_name, "row number"),
    ]
    columns: list[Any] = [pa.array(np.full(count, seed, np.int32)), pa.array(np.arange(count, dtype=np.int32))]
    for name, declared in spec.items():
        members = _NAMED.get(declared.unit)
        if members is None:
            columns.append(pa.array(arrays[name]))
            fields.append(_field(name, columns[-1].type, declared.unit, declared.text))
            continue
        size = max(members) + 1
        labels = [members(i).name.lower() if i in members._value2member_map_ else f"{i}" for i in range(size)]
        codes = pa.array(arrays[name].astype(np.int8), mask=arrays[name] < 0)
        columns.append(pa.DictionaryArray.from_arrays(codes, pa.array(labels)))
        fields.append(_field(name, _NAME, declared.unit, declared.text))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as a parquet file.

    Only columns with few different values get a dictionary: to look for one among amounts and scores would take most
    of the time, and make the file larger.
    """
    sink = io.BytesIO()
    few = [field.name for field in table.schema if _has_few_values(field.type)]
    pyarrow.parquet.write_table(table.combine_chunks(), sink, compression="zstd", use_dictionary=few)
    return sink.getvalue()


def _has_few_values(kind: pa.DataType) -> bool:
    named = pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_boolean(kind)
    return bool(named or (pa.types.is_integer(kind) and kind.bit_width <= 16))


def csv_bytes(table: pa.Table) -> bytes:
    """Return a table as a text file with commas; what is not defined is empty."""
    columns = [
        pa.compute.if_else(pa.compute.is_nan(c), None, c) if pa.types.is_floating(c.type) else c for c in table.columns
    ]
    sink = io.BytesIO()
    bare = pa.Table.from_arrays(columns, names=table.column_names)
    pyarrow.csv.write_csv(bare, sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return sink.getvalue()


def save_files(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Write data files and their record into a folder that exists; return the content hash."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digest = content_hash(files)
    record = {"program": PROGRAM, **manifest, "files": sorted(files), "content_hash": digest}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return digest


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return the hash of data files."""
    return hash_of({name: hashlib.sha256(content).hexdigest() for name, content in files.items()})


def hash_of(digests: Mapping[str, str]) -> str:
    """Return the hash of data files whose SHA-256 is known: SHA-256 over "name SHA-256" lines in order of the names."""
    lines = [f"{name} {digests[name]}\n" for name in sorted(digests)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()

"""Reading JSON as tables: an envelope ``{…, "data": [ {…} ]}``, an array of objects, JSON lines.

Belongs here: finding the lists of rows, turning scalars to text. Does not belong here: what a field means, what is
made of nested lists (assets/raw/nested.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assets.io.tabular_base import Grid, frame_from_rows, refuse
from assets.io.tabular_legacy import decode_text

_LIST_KEYS = ("data", "content", "items", "rows", "result", "results", "records", "list", "danhSach", "value")
_MAX_DEPTH = 3
_MIN_SCALARS = 3

_WRAPPED = re.compile(r"\s*(?:\[.*\]|\{.*\})\s*", re.DOTALL)

Record = dict[str, Any]


def read_json(data: bytes, name: str) -> list[Grid]:
    """Read a JSON file. The keys stand in row 0, the n-th object of the list is row n.

    Scalars become text (true/false, numbers as written, null empty). Nested lists and objects are no cells: they stay
    in :attr:`Grid.records`, which nothing stores.

    Args:
        data: content.
        name: delivered name, for messages.

    Returns:
        One grid per list of objects that may be the table, named after its key (``data``), or ``json``; well-known keys
        first. An object with scalars of its own is a table of one row.

    Raises:
        UnreadableFile: no valid JSON, or no list of objects in it.
    """
    text = decode_text(data).lstrip("\ufeff")
    found = list(_parse(text, name))
    if not found:
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="JSON không có danh sách bản ghi nào")
    grids = [_make_grid(key, rows) for key, rows in found if any(rows)]
    names = [grid.sheet for grid in grids]
    return [
        grid if names.index(grid.sheet) == i else replace(grid, sheet=f"{grid.sheet} {i + 1}")
        for i, grid in enumerate(grids)
    ]


def _make_grid(key: str, rows: list[Any]) -> Grid:
    if _is_matrix(rows):
        return Grid(key, frame_from_rows([[_text(cell) for cell in row] for row in rows]), first_row=1)
    titles = list(dict.fromkeys(title for row in rows for title in row))
    frame = frame_from_rows([titles, *([_text(row.get(title)) for title in titles] for row in rows)])
    return Grid(key, frame, first_row=0, records=tuple(rows))


def _parse(text: str, name: str) -> Iterator[tuple[str, list[Any]]]:
    """Find the lists of objects, or of lists of scalars."""
    try:
        document = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        return _find_lists(_parse_lines(text, name, error.lineno), "jsonl", 0)
    except RecursionError:
        raise refuse("TEP_HONG", name, ly_do="JSON lồng nhau quá sâu") from None
    return _find_lists(document, "json", 0)


def _parse_lines(text: str, name: str, broken_line: int) -> list[Any]:
    """Parse one document per line: objects, or lists of them."""
    rows: list[Any] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str, parse_int=str)
        except (json.JSONDecodeError, RecursionError):
            place = number if rows else broken_line
            raise refuse("TEP_HONG", name, ly_do=f"JSON sai ở dòng {place}") from None
        rows += row if isinstance(row, list) else [row]
    return rows


def _find_lists(node: Any, key: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Yield what may be the table, likelier first: this list, an object's lists, the object itself as one row."""
    node = unwrap_json(node)
    if isinstance(node, list):
        entries = [entry for page in node for entry in (page if isinstance(page, list) else [page])]
        rows = [entry for entry in entries if isinstance(entry, dict)]
        if len(rows) != len(entries) - entries.count(None):
            if _is_matrix(node):
                yield key, node
            return
        page = _find_page_key(rows)
        if page is None:
            yield key, rows
        else:
            yield page, [row for envelope in rows for row in envelope[page]]
        return
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return
    node = _title_matrices({k: unwrap_json(value) for k, value in node.items()})
    known = [k for k in _LIST_KEYS if isinstance(node.get(k), list | dict)]
    inner = [found for k in known for found in _find_lists(node[k], k, depth + 1)]
    if not inner:
        rest = [k for k in node if isinstance(node[k], list | dict) and k not in known]
        inner = [found for k in rest for found in _find_lists(node[k], k, depth + 1)]
    yield from inner
    scalars = sum(1 for value in node.values() if not isinstance(value, list | dict))
    if scalars >= _MIN_SCALARS:
        yield key, [node]


def _title_matrices(node: Record) -> Record:
    """Lay titles that an object keeps beside its rows above them: ``{"columns": […], "rows": [[…], …]}``."""
    titles = [one for one in node.values() if isinstance(one, list) and one and all(isinstance(t, str) for t in one)]
    return {
        key: [*(one for one in titles if len(one) == len(value[0])), *value]
        if isinstance(value, list) and value and all(isinstance(row, list) for row in value)
        else value
        for key, value in node.items()
    }


def _is_matrix(node: list[Any]) -> bool:
    """Rows written as lists of scalars: the titles are a row like the others, found as in a sheet."""
    rows = [row for row in node if isinstance(row, list)]
    return len(rows) == len(node) > 1 and not any(isinstance(cell, list | dict) for row in rows for cell in row)


def unwrap_json(value: Any) -> Any:
    """A list or object that a service wrote as a string, as what it is; anything else unchanged.

    For what lies around the rows, and for nested lists that a rule of the source asks for: any other text inside a row
    stays the text that it is.

    Args:
        value: a value of a JSON document.
    """
    if not isinstance(value, str) or not _WRAPPED.fullmatch(value):
        return value
    try:
        return json.loads(value, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError):
        return value


def _find_page_key(rows: list[Record]) -> str | None:
    """Tell pages of an interface, saved one after another, by the list that each of them holds."""
    for key in _LIST_KEYS:
        pages = [row.get(key) for row in rows]
        if pages and all(isinstance(page, list) and all(isinstance(one, dict) for one in page) for page in pages):
            return key
    return None


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None

"""Reading JSON as a table: an envelope ``{…, "data": [ {…} ]}``, an array of objects, JSON lines.

Belongs here: finding the list of rows, turning scalars to text. Does not belong here: what a field means.
"""

from __future__ import annotations

import json
from typing import Any

from assets.io.tabular_base import Grid, frame_from_rows, refuse
from assets.io.tabular_legacy import decode_text

_LIST_KEYS = ("data", "content", "items", "rows", "result", "results", "records", "list", "danhSach", "value")
_MAX_DEPTH = 3


def read_json(data: bytes, name: str) -> list[Grid]:
    """Read a JSON file. The keys stand in row 0, the n-th object of the list is row n.

    Scalars become text (true/false, numbers as written, null empty); nested lists and objects stay JSON text.

    Args:
        data: content.
        name: delivered name, for messages.

    Returns:
        One grid, named after the key of the list (``data``), or ``json``.

    Raises:
        UnreadableFile: no valid JSON, or no list of objects in it.
    """
    text = decode_text(data).lstrip("\ufeff")
    sheet, rows = _parse(text, name)
    keys: dict[str, None] = {}
    for row in rows:
        keys.update(dict.fromkeys(row))
    if not keys:
        return []
    titles = list(keys)
    frame = frame_from_rows([titles, *([_text(row.get(key)) for key in titles] for row in rows)])
    return [Grid(sheet, frame, first_row=0)]


def _parse(text: str, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Find the list of objects."""
    try:
        document = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        return "jsonl", _parse_lines(text, name, error.lineno)
    except RecursionError:
        raise refuse("TEP_HONG", name, ly_do="JSON lồng nhau quá sâu") from None
    found = _find_list(document, "json", 0)
    if found is None:
        raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="JSON không có danh sách bản ghi nào")
    return found


def _parse_lines(text: str, name: str, broken_line: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str, parse_int=str)
        except (json.JSONDecodeError, RecursionError):
            place = number if rows else broken_line
            raise refuse("TEP_HONG", name, ly_do=f"JSON sai ở dòng {place}") from None
        if not isinstance(row, dict):
            raise refuse("TEP_KHONG_PHAI_BANG_TINH", name, ly_do="JSON không có danh sách bản ghi nào")
        rows.append(row)
    return rows


def _find_list(node: Any, key: str, depth: int) -> tuple[str, list[dict[str, Any]]] | None:
    """Find the list of rows: this node, a well-known key, any key; an object without one is a single row."""
    if isinstance(node, list):
        rows = [row for row in node if isinstance(row, dict)]
        return (key, rows) if len(rows) == len(node) else None
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return None
    ordered = [*(k for k in _LIST_KEYS if k in node), *(k for k in node if k not in _LIST_KEYS)]
    found = [
        inner
        for k in ordered
        if isinstance(node[k], list | dict) and (inner := _find_list(node[k], k, depth + 1)) is not None
    ]
    return next((inner for inner in found if inner[1]), found[0] if found else None)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)

"""How each exporting system's files are recognised and read: the TOML beside this module, as frozen models.

Belongs here: header titles, which fields a table takes and must have, the words of rows that are not data. Adding a
source is adding a TOML here, or in a home (own.py). Does not belong here: opening files (assets/io/workbook.py),
finding the header (assets/raw/header.py), what a value means (assets/core).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from schemas.rules.text import matching_key
from schemas.sources.nested import NestedField

Kind = Literal["ma", "ngay", "tien", "chu"]

_HERE = Path(__file__).parent
_COMMON = "chung"
_MARKS = re.compile(
    r"^(?:(?:\(\*+\)|\*+)\s*)|^\(?\d{1,2}[.)]\s*(?=[^\W\d])"
    r"|(?<=\w)\s*\((?:\d{1,2}|dd?[/.-]mm?[/.-]yy(?:yy)?[^()]*|nếu có)\)$|(?<=\w)\s*\[\d{1,2}\]$"
    r"|\s*(?:\(\*+\)|[*:]+|(?<=\w{3})\.)+$"
)


def normalise_title(text: str | None) -> str:
    """Bring a header title (or a word that marks a row) into the form in which titles are compared.

    The matching key of schemas.rules.text without the asterisk of mandatory columns, the number of a column ("2. Mã hồ
    sơ", "Mã hồ sơ (2)", "Mã hồ sơ [2]"), the form of a date ("Ngày nhận (dd/mm/yyyy)"), "(nếu có)" and a closing colon
    or full stop. Nothing else: titles match exactly.

    Args:
        text: title as delivered, or None.

    Returns:
        The key; ``""`` for nothing.
    """
    return _MARKS.sub("", matching_key(text)) if text else ""


class RowWords(BaseModel):
    """Words of rows that are not data.

    Attributes:
        stt: titles of a running number.
        total: words with which a total row begins, lower case.
        total_alone: words that are a total row's only when a number or nothing follows.
        footer: regular expressions over normalised cell text of a signature block.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stt: tuple[str, ...]
    total: tuple[str, ...]
    total_alone: tuple[str, ...]
    footer: tuple[str, ...]

    @cached_property
    def stt_keys(self) -> frozenset[str]:
        """Normalised titles of a running number."""
        return frozenset(normalise_title(title) for title in self.stt)

    @cached_property
    def total_pattern(self) -> str:
        """Regular expression (over case-folded NFC text) of a cell that begins a total row."""
        words, alone = ("|".join(re.escape(word) for word in some) for some in (self.total, self.total_alone))
        return rf"^(?:(?:{words})(?!\w)|(?:{alone})\s*(?:$|[:(.,;\d-]))"

    @cached_property
    def total_begins(self) -> str:
        """A wider regular expression without look-around, to find the rows worth a closer look."""
        return "^(?:" + "|".join(re.escape(word) for word in (*self.total, *self.total_alone)) + ")"

    @cached_property
    def footer_pattern(self) -> str:
        """Regular expression (over case-folded NFC text) of a cell in a signature block."""
        return "|".join(f"(?:{pattern})" for pattern in self.footer)


class CommonSpec(BaseModel):
    """What all sources share (chung.toml)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, tuple[str, ...]]
    kinds: dict[str, Kind]
    rows: RowWords
    extract_lead: str
    aggregate_titles: tuple[str, ...]
    personal_titles: tuple[str, ...]
    personal_words: tuple[str, ...]

    @cached_property
    def aggregate_pattern(self) -> re.Pattern[str]:
        """Matches the normalised title of an aggregate report."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.aggregate_titles))

    @cached_property
    def personal_pattern(self) -> re.Pattern[str]:
        """Matches a normalised header title that speaks of a person."""
        words = "|".join(re.escape(normalise_title(word)) for word in self.personal_words)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


class TableSpec(BaseModel):
    """One table that a source's files hold.

    Attributes:
        bang: name of the raw table, e.g. ``ho_so``.
        key: field that identifies a row; a total row or a remark has none.
        required: fields without which a sheet is refused.
        one_of: groups of fields of which at least one must be there.
        columns: allow-list: field → titles. Nothing else passes the gate.
        nested: allow-list too: field → how it is made of nested lists and flags (nested.py); it has no titles.
        personal: titles of personal or free-text columns: dropped without a word.
        kinds: field → kind of value, where a shifted table shall be noticed.
        sheets: names of sheets that must be this table: one of them that lacks a column refuses the file.
        total: whether "Tổng cộng" rows are to be left out.
        footer: whether a signature block may follow the data.
        addressed: people type into it: each row remembers the columns of its fields (``_cot``), for findings that name
            a cell, and a formula without a result is read as its own text.
        marks: titles that only this system writes: two of them settle which source a file is of.
        above: field → regular expression over the normalised lines above the header; its group is the field's value on
            every row. Nothing else of those lines passes the gate.
        unread: titles of the layout that nothing needs: known, not read, not told to the sender.
        status_from_dates: a list of dossiers without a status column: core derives it from the dates.
        links: fields that hold the code of the same dossier in another system.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bang: str
    key: str
    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    columns: dict[str, tuple[str, ...]]
    nested: dict[str, NestedField] = {}
    personal: tuple[str, ...] = ()
    kinds: dict[str, Kind] = {}
    sheets: tuple[str, ...] = ()
    total: bool = True
    footer: bool = True
    status_from_dates: bool = False
    addressed: bool = False
    marks: tuple[str, ...] = ()
    above: dict[str, str] = {}
    unread: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> TableSpec:
        named = {self.key, *self.required, *self.links, *(field for group in self.one_of for field in group)}
        if unknown := named - set(self.columns) - (set(self.nested) - {self.key}):
            raise ValueError(
                f"bảng {self.bang}: chưa có tiêu đề cho {', '.join(sorted(unknown))} (thêm vào use hay columns)"
            )
        if double := set(self.columns) & set(self.nested):
            raise ValueError(f"bảng {self.bang}: {', '.join(sorted(double))} vừa có tiêu đề vừa có luật nested")
        seen: dict[str, str] = {}
        for field, titles in self.columns.items():
            for title in titles:
                key = normalise_title(title)
                if seen.setdefault(key, field) != field:
                    raise ValueError(f"bảng {self.bang}: tiêu đề “{title}” dùng cho hai cột {seen[key]}, {field}")
        return self

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Normalised title (levels joined with ``" > "`` where given so) → field."""
        return {normalise_title(title): field for field, titles in self.columns.items() for title in titles}

    @cached_property
    def feeds(self) -> dict[str, tuple[str, ...]]:
        """Normalised title that nested rules read → the fields made of it."""
        made: dict[str, dict[str, None]] = {}
        for field, rule in self.nested.items():
            for root in rule.roots:
                made.setdefault(normalise_title(root), {})[field] = None
        return {title: tuple(fields) for title, fields in made.items()}

    @cached_property
    def unread_keys(self) -> frozenset[str]:
        """Normalised titles that are known and not read."""
        return frozenset(normalise_title(title) for title in self.unread)

    @cached_property
    def mark_keys(self) -> frozenset[str]:
        """Normalised titles that only this system writes."""
        return frozenset(normalise_title(title) for title in self.marks)

    @cached_property
    def known_titles(self) -> dict[str, tuple[str, ...]]:
        """Normalised title → the fields that it holds or that are made of it."""
        held = {title: (field,) for title, field in self.aliases.items()}
        return held | {title: (*held.get(title, ()), *fields) for title, fields in self.feeds.items()}

    @cached_property
    def personal_keys(self) -> frozenset[str]:
        """Normalised personal titles that are not allow-listed by this table."""
        return frozenset(normalise_title(title) for title in self.personal) - self.aliases.keys() - self.feeds.keys()

    def title(self, field: str) -> str:
        """The title of a field that messages print."""
        return self.columns[field][0] if field in self.columns else self.nested[field].roots[0]


class SourceSpec(BaseModel):
    """One exporting system.

    Attributes:
        ma: key: its folder in the inbox.
        ten: Vietnamese name.
        bo_sung: it adds to what another source of the same table delivers; nobody misses it.
        la_tong_hop: its files are aggregate reports, which every other source refuses.
        tables: what its files hold.
        common: what all sources share.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    ten: str
    bo_sung: bool = False
    la_tong_hop: bool = False
    tables: tuple[TableSpec, ...]
    common: CommonSpec


def _complete(table: dict[str, Any], common: CommonSpec) -> dict[str, Any]:
    """Add the shared titles of the fields a table uses, the shared personal titles and the kinds."""
    own: dict[str, list[str]] = table.get("columns", {})
    made = table.get("nested", {})
    used = {field: [*common.columns[field], *own.get(field, [])] for field in table.get("use", []) if field not in made}
    columns = used | {field: titles for field, titles in own.items() if field not in used}
    rest = {name: value for name, value in table.items() if name not in ("use", "columns", "personal")}
    return rest | {
        "columns": columns,
        "personal": [*common.personal_titles, *table.get("personal", [])],
        "kinds": {field: kind for field, kind in common.kinds.items() if field in columns},
    }


def parse_source(text: str) -> SourceSpec:
    """Read one source's TOML.

    Args:
        text: content of a ``schemas/sources/<source>.toml``.

    Returns:
        The specification, completed with what all sources share.

    Raises:
        ValueError: unknown keys, a required field without titles, a title that stands for two fields.
    """
    raw = tomllib.loads(text)
    common = load_common()
    tables = [_complete(table, common) for table in raw.pop("tables")]
    return SourceSpec.model_validate(raw | {"tables": tables, "common": common})


@cache
def load_common() -> CommonSpec:
    """Read chung.toml."""
    raw = tomllib.loads((_HERE / f"{_COMMON}.toml").read_text(encoding="utf-8"))
    return CommonSpec(
        columns=raw["columns"],
        kinds=raw["kinds"],
        rows=raw["rows"],
        extract_lead=raw["extract_time"]["lead"],
        aggregate_titles=tuple(raw["aggregate"]["titles"]),
        personal_titles=tuple(raw["personal"]["titles"]),
        personal_words=tuple(raw["personal"]["words"]),
    )


_ADOPTED: dict[str, SourceSpec] = {}


def adopt_sources(own: Mapping[str, SourceSpec]) -> None:
    """Make a home's own sources known to this process, in place of those of another home.

    One process serves one home at a time; what is known is asked for in so many places (settings that name a source,
    corrections, connectors, the graph) that handing it to all of them would hide what they do.

    Args:
        own: source key → specification; none of the shipped keys.
    """
    _ADOPTED.clear()
    _ADOPTED.update(own)


def load_sources() -> dict[str, SourceSpec]:
    """Every source: the shipped ones, and those that the home brought.

    Returns:
        Source key → specification, sorted by key. The key is the inbox folder's name.
    """
    if not _ADOPTED:
        return read_sources()
    return dict(sorted((read_sources() | _ADOPTED).items()))


def list_shipped() -> list[str]:
    """The keys of the shipped sources, without reading what they say: most commands only need to know that much."""
    return sorted(path.stem for path in _HERE.glob("*.toml") if path.stem != _COMMON)


@cache
def read_sources(folder: Path = _HERE) -> dict[str, SourceSpec]:
    """Read the sources of a folder.

    Args:
        folder: where the TOMLs lie.

    Returns:
        Source key → specification, sorted by key. The key is the file's name and the inbox folder's.

    Raises:
        ValueError: a TOML that does not keep the rules of :class:`TableSpec`, or whose ``ma`` is not its file's name.
    """
    sources = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem == _COMMON:
            continue
        spec = parse_source(path.read_text(encoding="utf-8"))
        if spec.ma != path.stem:
            raise ValueError(f"{path.name}: ma = {spec.ma!r} is not the file's name")
        sources[spec.ma] = spec
    return sources

"""core.ho_so: one trusted row per dossier, from every source that delivers dossiers.

Belongs here: typing rows, rejecting those without a receipt day, outcomes, the newest row, procedure facts.
Does not belong here: reporting periods (mart), how words map (schemas/codes), how text becomes dates (parsing).
Source of the rules: domain.md §2 (outcomes, contradictions), sources.md §4 (flags), §5 (which row is newest).

Money and flags (docs/decisions/0007): null is "nobody says". A blank cell of a column that the file carries is "no": 0
or false. A file without the column, or a text that nobody can read, leaves null. Fee and charge are one collection: a
file that carries one of the two columns writes all of it there, so the other one is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.core.findings import UNITS, find_rows, frame_findings, gather, quote_safely_expr
from assets.core.ho_so_findings import find_contradictions
from assets.core.link_doubts import find_unrelated
from assets.core.links import link_dossiers, list_link_fields, rename_codes
from assets.core.merge import Merged, merge_dossiers
from assets.core.parsing import (
    dossier_code_date_expr,
    dossier_code_expr,
    matching_key_expr,
    parse_count_expr,
    parse_datetime_expr,
    parse_flag_expr,
    parse_money_expr,
    procedure_stem_expr,
)
from assets.core.procedures import attach_procedures, list_replaced
from assets.core.rows import Cleaned, account, carries_any, gather_raw, join_content_expr, map_words
from assets.io.landing import Passport
from schemas.export import cast_to_contract
from schemas.links import DossierLink
from schemas.registry import find_table
from schemas.rules.reference import NO_FACTS, ReferenceFacts
from schemas.rules.text import matching_key
from schemas.sources import load_sources
from schemas.unit import UnitRules

_TABLE = find_table("core.ho_so")
_VERSIONS = find_table("core.ho_so_ban")

_TEXTS = ("ma_ho_so", "ma_tthc", "ten_tthc", "linh_vuc", "don_vi_tiep_nhan", "don_vi_xu_ly")
DATES = ("ngay_nop", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_hen_tra_moi", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
_WORDS = ("trang_thai", "kenh")
MONEY = ("phi", "le_phi")
FLAGS = ("co_file_thanh_phan", "co_file_ket_qua")
_COUNTS = ("so_lan_bo_sung", "so_ngay_cho_bo_sung")
_RAW = (*_TEXTS, *DATES, *_WORDS, *MONEY, "thanh_toan_truc_tuyen", *FLAGS, *_COUNTS)

_EVENTS = ("ngay_nop", "ngay_tiep_nhan", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
_SETTLED = (
    # only here, not in the versions: what a system left blank is no statement to hold against another one
    *(
        pl.when(pl.col(f"{name}_co_cot") & pl.col(f"{name}_goc").is_null()).then(0).otherwise(name).alias(name)
        for name in MONEY
    ),
    pl.col("ngay_hen_tra_hong").fill_null(value=False).alias("la_hen_tra_hong"),
)

OPEN_OR_WAITING = (2, 4, 5, 6)
NEVER_RECEIVED = (1, 3)


@dataclass(frozen=True)
class CleanedDossiers:
    """Dossiers, and the versions that they were made of (``core.ho_so_ban``).

    Attributes:
        aliases: another system's code of a linked dossier → code of the dossier.
    """

    dossiers: Cleaned
    versions: pl.DataFrame
    aliases: Mapping[str, str]


def clean_dossiers(
    deliveries: Iterable[tuple[Passport, pl.DataFrame]],
    procedures: pl.DataFrame,
    rules: UnitRules,
    facts: ReferenceFacts = NO_FACTS,
    links: Sequence[DossierLink] = (),
) -> CleanedDossiers:
    """Make ``core.ho_so`` and ``core.ho_so_ban``.

    Args:
        deliveries: raw rows of table ``ho_so`` with their passports.
        procedures: ``core.thu_tuc``; empty when no catalogue was delivered.
        rules: the unit's rules (vertical agencies, thresholds, order of systems).
        facts: replaced procedure codes.
        links: codes of several systems that the unit declares to be one dossier; columns of the sources add theirs.

    Returns:
        Dossiers (one row each) with findings and the account of every delivery's rows, and all their versions.
    """
    files = list(deliveries)
    carried = {passport.sha256: frozenset(frame.columns) for passport, frame in files}
    linking = _list_link_fields(files)
    texts = (*_RAW, *sorted({name for names in linking.values() for name in names}))
    # no name holds an earlier stage: a list of a million rows takes most of its memory here
    accepted, rejected = _split_readable(
        derive_outcome(_type_rows(gather_raw(files, texts, with_content=False), texts, carried))
    )
    linked = link_dossiers(accepted, linking, links, rules.precedence)
    accepted, rejected = rename_codes(accepted, linked.codes), rename_codes(rejected, linked.codes)
    unrelated = find_unrelated(
        accepted, linked.columns, linked.by_hand, rules.nguong_lech_lien_ket, facts.tthc_thay_the
    )
    merged = merge_dossiers(accepted, carried, rules.precedence)
    del accepted
    dossiers = attach_procedures(merged.leading.with_columns(_SETTLED), procedures, facts.tthc_thay_the)
    dossiers = _mark_vertical(dossiers, merged.versions, rules)
    findings = gather(
        [
            *_explain_rejections(rejected),
            *find_contradictions(dossiers, merged.versions, rules, has_catalogue=not procedures.is_empty()),
            frame_findings(list_replaced(dossiers)),
            *linked.findings,
            *unrelated,
        ]
    )
    frame = cast_to_contract(dossiers, _TABLE).sort("ma_ho_so")
    cleaned = Cleaned(frame, findings, account(merged.leading, merged.versions, rejected))
    return CleanedDossiers(cleaned, _list_versions(merged, rules), linked.aliases)


def _list_link_fields(files: Iterable[tuple[Passport, pl.DataFrame]]) -> dict[str, list[str]]:
    """File → the columns with another system's code that it carries, by its source's own word; others are left out."""
    found = {
        passport.sha256: [name for name in list_link_fields(passport.nguon) if name in frame.columns]
        for passport, frame in files
    }
    return {sha: names for sha, names in found.items() if names}


def _list_versions(merged: Merged, rules: UnitRules) -> pl.DataFrame:
    """``core.ho_so_ban``: every accepted row, what superseded it, and what core.ho_so still takes from it."""
    lends = [pl.when(f"_cap_{one.ma}").then(pl.lit(one.ma)) for one in rules.precedence.nhom]
    everything = pl.all_horizontal(f"_cap_{one.ma}" for one in rules.precedence.nhom)
    listed = pl.concat_str(lends, separator=" ", ignore_nulls=True)
    versions = merged.versions.with_columns(
        pl.col("trang_thai_ma").alias("trang_thai"),  # what its system wrote: a book without statuses wrote none
        pl.when(everything).then(pl.lit("tat_ca")).when(listed != "").then(listed).alias("cung_cap"),
    )
    return cast_to_contract(versions, _VERSIONS).sort(
        "ma_ho_so", "he_thong", "ngay_xuat", "_file_sha256", "_sheet", "_row"
    )


def _type_rows(raw: pl.DataFrame, texts: Sequence[str], carried: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """Parse every column; an unreadable text leaves null and its raw text in ``<column>_goc``.

    Args:
        raw: raw rows as text, blank = null.
        texts: its columns with content, in the order in which they break ties.
        carried: file hash → columns that the file carries; a flag that it does not carry is null.
    """
    moments = [parse_datetime_expr(name).alias(f"{name}_luc") for name in DATES]
    rows = raw.with_columns(
        *moments,
        *(pl.col(name).alias(f"{name}_goc") for name in (*DATES, *MONEY, *FLAGS)),
        dossier_code_expr("ma_ho_so"),
        pl.col("ma_ho_so").alias("_ma_goc"),
        join_content_expr(texts).alias("_noi_dung"),
        pl.col("_nguon").alias("he_thong"),
    )
    rows = rows.with_columns(
        # the last tie-break: only a code that stands in several rows needs it, and it is the widest column
        pl.when(pl.col("ma_ho_so").is_duplicated()).then("_noi_dung").alias("_noi_dung"),
        *(pl.col(f"{name}_luc").dt.date().alias(name) for name in DATES),
        pl.max_horizontal(f"{name}_luc" for name in _EVENTS).alias("_ngay_biet_cuoi"),
        *(parse_money_expr(name).alias(name) for name in MONEY),
        *(pl.when(carries_any(carried, [name])).then(parse_flag_expr(name)).alias(name) for name in FLAGS),
        *(carries_any(carried, MONEY).alias(f"{name}_co_cot") for name in MONEY),
        *(parse_count_expr(name).cast(pl.Int32).alias(name) for name in _COUNTS),
        procedure_stem_expr("ma_tthc").alias("ma_tthc"),
        dossier_code_date_expr("ma_ho_so").alias("_ngay_trong_ma"),
    ).drop(f"{name}_luc" for name in DATES)
    rows = map_words(map_words(rows, "trang_thai", "trang_thai"), "kenh", "kenh")
    rows = map_words(rows, "thanh_toan_truc_tuyen", "thanh_toan")
    numbered = pl.col("thanh_toan_truc_tuyen").is_in(["0", "1", "2"])
    paid_online = pl.coalesce(
        "thanh_toan_truc_tuyen_ma",
        pl.when(numbered).then(pl.col("thanh_toan_truc_tuyen").cast(pl.Int8, strict=False)),
        parse_flag_expr("thanh_toan_truc_tuyen").cast(pl.Int8),
    )
    return rows.with_columns(
        _status_expr().alias("trang_thai"),
        pl.col("kenh_ma").alias("kenh"),
        pl.col("kenh").alias("kenh_goc"),
        pl.when(carries_any(carried, ["thanh_toan_truc_tuyen"])).then(paid_online).alias("thanh_toan_truc_tuyen"),
        paid_online.is_null().alias("thanh_toan_truc_tuyen_hong"),
        (pl.col("ngay_hen_tra").is_null() & pl.col("ngay_hen_tra_goc").is_not_null()).alias("ngay_hen_tra_hong"),
        *(
            (pl.col(name).is_null() & pl.col(f"{name}_goc").is_not_null()).alias(f"{name}_hong")
            for name in (*MONEY, *FLAGS)
        ),
    ).drop(f"{name}_{end}" for name in ("kenh", "thanh_toan_truc_tuyen") for end in ("ma", "y_nghia"))


def _status_expr() -> pl.Expr:
    """The mapped status; in a source without that column the dates say it: handed over 10, ended 9, else 4."""
    dated = [
        spec.ma
        for spec in load_sources().values()
        if any(table.bang == "ho_so" and table.status_from_dates for table in spec.tables)
    ]
    by_dates = (
        pl.when(pl.col("ngay_tra").is_not_null())
        .then(10)
        .when(pl.col("ngay_ket_thuc").is_not_null())
        .then(9)
        .otherwise(4)
    )
    silent = pl.col("trang_thai").is_null() & pl.col("_nguon").is_in(dated)
    return pl.when(silent).then(by_dates).otherwise("trang_thai_ma").cast(pl.Int8)


def _split_readable(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Separate rows that cannot be counted: no code, or no readable receipt day though the status is a received one."""
    never_received = pl.col("trang_thai").is_in(NEVER_RECEIVED).fill_null(value=False)
    readable = pl.col("ma_ho_so").is_not_null() & (pl.col("ngay_tiep_nhan").is_not_null() | never_received)
    return rows.filter(readable), rows.filter(~readable)


def _explain_rejections(rejected: pl.DataFrame) -> list[pl.DataFrame]:
    nameless = pl.col("ma_ho_so").is_null()
    blank = pl.col("ngay_tiep_nhan_goc").is_null()
    return [
        find_rows(rejected.filter(nameless), "THIEU_MA_HO_SO", cot="ma_ho_so"),
        find_rows(rejected.filter(~nameless & blank), "THIEU_NGAY_TIEP_NHAN", cot="ngay_tiep_nhan"),
        find_rows(
            rejected.filter(~nameless & ~blank),
            "NGAY_TIEP_NHAN_KHONG_DOC_DUOC",
            cot="ngay_tiep_nhan",
            gia_tri=quote_safely_expr("ngay_tiep_nhan_goc"),
        ),
    ]


def derive_outcome(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``ket_cuc``, ``ngay_ket_cuc`` and ``la_tam_dung`` (domain.md §2, the two tables).

    Args:
        rows: typed rows with ``trang_thai``, ``trang_thai_y_nghia`` and the dates.

    Returns:
        Those columns added, and ``_ngay_ket_cuc_goc``: the outcome's day before it was moved to the receipt day.
    """
    status = pl.col("trang_thai")
    ended = pl.coalesce("ngay_ket_thuc", "ngay_tra")
    halted = (pl.col("trang_thai_y_nghia") == "tam_dung").fill_null(value=False)  # paused whatever its dates say
    refused = (pl.col("trang_thai_y_nghia") == "tu_choi").fill_null(value=False) | (
        (status == 8) & ~halted & pl.col("ngay_tu_choi").is_not_null()
    )
    kind = (
        pl.when(refused)
        .then(pl.lit("tu_choi"))
        .when(status.is_in([9, 10]))
        .then(pl.lit("ket_qua"))
        .when(status == 7)
        .then(pl.lit("rut"))
        .when(status == 8)
        .then(pl.lit("dung"))
        .when(status.is_in(OPEN_OR_WAITING))
        .then(pl.lit("ket_qua"))  # the dates win; without one there is no outcome, see below
    )
    day = (
        pl.when(refused)
        .then(pl.coalesce("ngay_tu_choi", "ngay_ket_thuc", "ngay_tra"))
        .when(status.is_in(NEVER_RECEIVED) | status.is_null() | halted)
        .then(None)
        .when(status == 8)
        .then(pl.col("ngay_ket_thuc"))
        .otherwise(ended)
    )
    rows = rows.with_columns(day.alias("_ngay_ket_cuc_goc"))
    day_known = pl.col("_ngay_ket_cuc_goc").is_not_null()
    paused = status.is_in([5, 6]) | ((status == 8) & ~refused)
    return rows.with_columns(
        pl.when(day_known).then(kind).alias("ket_cuc"),
        pl.when(day_known).then(pl.max_horizontal("_ngay_ket_cuc_goc", "ngay_tiep_nhan")).alias("ngay_ket_cuc"),
        (paused.fill_null(value=False) & ~day_known).alias("la_tam_dung"),
    )


def _mark_vertical(dossiers: pl.DataFrame, versions: pl.DataFrame, rules: UnitRules) -> pl.DataFrame:
    """Mark dossiers of vertical agencies.

    Their handling (else receiving) unit's name begins with a listed one, or a system that belongs to such an agency
    holds them.
    """
    unit = matching_key_expr(pl.coalesce(UNITS).fill_null(""))
    begins = [unit.str.starts_with(matching_key(name)) for name in rules.nganh_doc]
    theirs = versions.filter(pl.col("he_thong").is_in(rules.he_thong_nganh_doc))["ma_ho_so"]
    held = pl.col("ma_ho_so").is_in(theirs.implode())
    return dossiers.with_columns(pl.any_horizontal(*begins, held).alias("nganh_doc"))

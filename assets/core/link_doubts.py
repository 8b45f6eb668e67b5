"""Linked codes whose dossiers look unrelated: the link is followed, and told with both codes and where it is declared.

Belongs here: which facts of the two sides speak against a link, and the finding. Does not belong here: joining codes
(links), figures that merely differ between systems (assets/mart/doi_soat_he_thong.sql).

What speaks against a link: another procedure (replaced codes followed), another unit, receipt days far apart. One alone
proves little: systems name units differently, and interlinked procedures (birth, insurance, residence) are two
procedures of the same day. So days far apart need one of the others beside them; but a line that somebody wrote by hand
says "one dossier" of two codes that are easily mistyped, where another procedure is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from assets.core.findings import OWN_CODE, PLACE, UNITS, find_rows, frame_findings
from assets.core.merge import VERSION_ORDER
from assets.core.parsing import matching_key_expr
from assets.core.rows import pick_newest
from schemas.findings import Finding, make_finding
from schemas.links import DossierLink
from schemas.rules.procedure_codes import ReplacedCode, follow_code, group_replacements

_FACTS = ("_thu_tuc", "_don_vi", "_ngay")


def find_unrelated(
    rows: pl.DataFrame,
    by_column: pl.DataFrame,
    by_hand: Sequence[DossierLink],
    apart_days: int,
    replaced: Iterable[ReplacedCode] = (),
) -> list[pl.DataFrame]:
    """Tell the links that were followed though their two dossiers have nothing in common.

    Args:
        rows: accepted rows after ``links.rename_codes``: the dossier's code, and the row's own one.
        by_column: ``Linked.columns``: own code, the other code, and the place of the row that names it.
        by_hand: ``Linked.by_hand``: lines of the unit's file.
        apart_days: more days between two receipts are far apart.
        replaced: replaced procedure codes.
    """
    if by_column.is_empty() and not by_hand:
        return []
    lines = {one.dong: one for one in by_hand}
    hand = pl.DataFrame(
        [(number, *(code for code, _ in one.sides)) for number, one in lines.items()],
        schema={"_dong": pl.Int64, OWN_CODE: pl.Utf8, "ma_kia": pl.Utf8},
        orient="row",
    )
    named = pl.concat([pairs[name].alias(OWN_CODE) for pairs in (by_column, hand) for name in (OWN_CODE, "ma_kia")])
    facts = _take_facts(rows, named.unique(), replaced)
    other, far = pl.col("_khac_thu_tuc"), pl.col("_cach_ngay") > apart_days
    doubtful = far & (other | pl.col("_khac_don_vi"))
    typed = _compare(hand, facts).filter(doubtful | other).sort("_dong")
    told = typed.select("_dong", _say_difference(apart_days).alias("_khac"))
    listed = _compare(by_column, facts).filter(doubtful)
    # both lists may name each other: one link is one finding, at the first place
    pair = pl.concat_list(pl.min_horizontal(OWN_CODE, "ma_kia"), pl.max_horizontal(OWN_CODE, "ma_kia"))
    first = listed.sort(*PLACE).with_columns(pair.alias("_cap")).unique("_cap", keep="first", maintain_order=True)
    return [
        frame_findings(_tell_line(lines[number], difference) for number, difference in told.iter_rows()),
        find_rows(first, "LIEN_KET_COT_LA", cot="ma_ho_so", ma_kia=pl.col("ma_kia"), khac=_say_difference(apart_days)),
    ]


def _tell_line(line: DossierLink, difference: str) -> Finding:
    (one, system), (other, other_system) = line.sides
    return make_finding(
        "LIEN_KET_LA",
        ma_ho_so=one,
        dong=line.dong,
        he_thong=system,
        ma_kia=other,
        he_thong_kia=other_system,
        khac=difference,
    )


def _take_facts(rows: pl.DataFrame, codes: pl.Series, replaced: Iterable[ReplacedCode]) -> pl.DataFrame:
    """What each code's newest row says: the procedure (its code of today), the unit's matching key, the receipt day."""
    needed = (OWN_CODE, "ma_ho_so", "ma_tthc", *UNITS, "ngay_tiep_nhan", *PLACE, *VERSION_ORDER)
    mine = rows.select(*dict.fromkeys(needed)).join(codes.to_frame(), on=OWN_CODE, how="semi")
    newest = pick_newest(mine, [OWN_CODE], VERSION_ORDER)
    replacements = group_replacements(replaced)
    current = {code: follow_code(code, None, replacements, ()) for code in replacements}
    procedure = pl.col("ma_tthc")
    return newest.select(
        OWN_CODE,
        "ma_ho_so",
        (procedure.replace(current) if current else procedure).alias("_thu_tuc"),
        matching_key_expr(pl.coalesce(UNITS)).alias("_don_vi"),
        pl.col("ngay_tiep_nhan").alias("_ngay"),
    )


def _compare(links: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Links that made one dossier, and what differs between their sides; an unknown fact differs in nothing."""
    theirs = facts.select(
        pl.col(OWN_CODE).alias("ma_kia"), "ma_ho_so", *(pl.col(name).alias(f"{name}_kia") for name in _FACTS)
    )
    both = links.join(facts, on=OWN_CODE, how="inner").join(theirs, on=["ma_kia", "ma_ho_so"], how="inner")
    differs = {name: (pl.col(name) != pl.col(f"{name}_kia")).fill_null(value=False) for name in _FACTS}
    distance = (pl.col("_ngay") - pl.col("_ngay_kia")).dt.total_days().abs()
    return both.with_columns(
        differs["_thu_tuc"].alias("_khac_thu_tuc"),
        differs["_don_vi"].alias("_khac_don_vi"),
        distance.fill_null(0).alias("_cach_ngay"),
    )


def _say_difference(apart_days: int) -> pl.Expr:
    """Name what differs. A unit's name is not printed: a shifted row holds a person's in its place."""
    days = pl.col("_cach_ngay")
    return pl.concat_str(
        pl.when("_khac_thu_tuc").then(pl.format("khác thủ tục ({} và {})", "_thu_tuc", "_thu_tuc_kia")),
        pl.when("_khac_don_vi").then(pl.lit("khác đơn vị")),
        pl.when(days > apart_days).then(pl.format("ngày tiếp nhận cách nhau {} ngày", days)),
        separator=", ",
        ignore_nulls=True,
    )

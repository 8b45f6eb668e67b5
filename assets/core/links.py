"""Which codes of several systems are one dossier, by declared links: the file of the unit, and columns of the sources.

Belongs here: gathering links, joining codes into groups, what is wrong with a link. Does not belong here: merging the
rows of a group (merge), the shape of the file (schemas/links), which columns are links (schemas/sources), links that
were followed and look wrong (link_doubts).

The rules (sources.md §5: "merge on mã hồ sơ and declared links"):
- Links are symmetric and chain: A-B and B-C make one group of A, B and C, whatever the order of lines and files.
- A column's link counts on the newest row of its code in its system among the files that carry the column: a blank
  there takes an older link back, a withdrawn file takes its links along.
- A code that no list delivers joins those that name it (two systems that carry one national code), and counts nowhere.
- In one system every code is a dossier of its own: a group that would join two codes of one system is not joined.
- The group bears the code of the system that is believed first (precedence.toml); of several such the smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.core.findings import OWN_CODE, PLACE, find_rows, frame_findings
from assets.core.merge import VERSION_ORDER, rank_system_expr
from assets.core.parsing import dossier_code_expr
from assets.core.rows import pick_newest
from schemas.findings import Finding, make_finding
from schemas.links import DossierLink
from schemas.rules.precedence import Precedence
from schemas.sources import load_sources

_SHOWN = 5
"""Codes of a clash that a message names."""


@dataclass(frozen=True)
class Linked:
    """What the links make of codes.

    Attributes:
        codes: a code of some system → the code of its dossier, only where they differ.
        aliases: ``codes``, and codes that no list delivers but a link names.
        findings: rows of ``core.phat_hien``.
        by_hand: the lines of the unit's file that joined two codes.
        columns: the links of columns that did: own code, ``ma_kia``, place of the row.
    """

    codes: Mapping[str, str]
    aliases: Mapping[str, str]
    findings: list[pl.DataFrame]
    by_hand: Sequence[DossierLink]
    columns: pl.DataFrame


NO_LINKS = Linked({}, {}, [], (), pl.DataFrame())


def list_link_fields(source: str) -> tuple[str, ...]:
    """The fields of a source's list of dossiers that hold another system's code."""
    spec = load_sources().get(source)
    return tuple(name for table in spec.tables if table.bang == "ho_so" for name in table.links) if spec else ()


def link_dossiers(
    accepted: pl.DataFrame,
    carried: Mapping[str, Sequence[str]],
    declared: Sequence[DossierLink],
    rule: Precedence,
) -> Linked:
    """Find which codes are one dossier.

    Args:
        accepted: typed rows of all systems with the columns of the total order and the carried link fields.
        carried: file hash → link fields that the file carries and its source declares; files without one are left out.
        declared: lines of the unit's file.
        rule: precedence of systems.
    """
    if not declared and not carried:
        return NO_LINKS
    known = accepted.select("ma_ho_so", "he_thong").unique()
    sides = [code for one in declared for code, _ in one.sides]
    held = set(known.filter(pl.col("ma_ho_so").is_in(sides)).select("ma_ho_so", "he_thong").iter_rows())
    usable = [one for one in declared if held.issuperset(one.sides)]
    columns = _gather_column_links(accepted, carried)
    delivered = known["ma_ho_so"].unique()
    pairs = _pick_joining(columns, delivered)
    groups = _join_codes([*pairs.iter_rows(), *((one.ma_1, one.ma_2) for one in usable)])
    members = known.join(groups, on="ma_ho_so", how="inner")
    alike = members.group_by("_nhom", "he_thong").agg(pl.col("ma_ho_so").unique().sort())
    clashing = alike.filter(pl.col("ma_ho_so").list.len() > 1)
    sound = members.join(clashing, on="_nhom", how="anti")
    codes = _name_groups(sound, rule)
    findings = [
        _find_clashes(accepted, clashing),
        frame_findings([*_find_undelivered(columns, delivered), *_find_useless(declared, held)]),
    ]
    aliases = _name_undelivered(columns, groups, clashing, codes, delivered)
    return Linked(codes, aliases, findings, usable, _pair_delivered(columns, delivered))


def rename_codes(rows: pl.DataFrame, codes: Mapping[str, str]) -> pl.DataFrame:
    """Put the dossier's code in ``ma_ho_so`` and keep the row's own one in ``ma_trong_he_thong``."""
    own = pl.col("ma_ho_so").alias(OWN_CODE)
    if not codes:
        return rows.with_columns(own)
    return rows.with_columns(own, pl.col("ma_ho_so").replace(list(codes), list(codes.values())))


def _gather_column_links(accepted: pl.DataFrame, carried: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Links of the sources' columns: ``ma_ho_so``, ``ma_kia`` and the place of the row that says so."""
    found = [pl.DataFrame(schema={"ma_ho_so": pl.Utf8, "ma_kia": pl.Utf8, **accepted.select(PLACE).schema})]
    for field in sorted({name for names in carried.values() for name in names}):
        files = [sha for sha, names in carried.items() if field in names]
        rows = accepted.select("ma_ho_so", "he_thong", field, *VERSION_ORDER, *PLACE).filter(
            pl.col("_file_sha256").is_in(files)
        )
        newest = pick_newest(rows, ["ma_ho_so", "he_thong"], VERSION_ORDER)
        found.append(newest.select("ma_ho_so", dossier_code_expr(field).alias("ma_kia"), *PLACE))
    return pl.concat(found).drop_nulls("ma_kia").filter(pl.col("ma_kia") != pl.col("ma_ho_so"))


def _pick_joining(links: pl.DataFrame, delivered: pl.Series) -> pl.DataFrame:
    """The pairs that can join two delivered codes: most national codes are delivered by nobody and named once."""
    pairs = links.select("ma_ho_so", "ma_kia").unique()
    return pairs.filter(pl.col("ma_kia").is_in(delivered.implode()) | pl.col("ma_kia").is_duplicated())


def _pair_delivered(links: pl.DataFrame, delivered: pl.Series) -> pl.DataFrame:
    """Columns' links between two delivered codes; two that name one code nobody delivers are linked to each other."""
    known = pl.col("ma_kia").is_in(delivered.implode())
    namesake = pl.col("ma_ho_so").min().over("ma_kia")
    pairs = links.with_columns(pl.when(known).then("ma_kia").otherwise(namesake).alias("ma_kia"))
    return pairs.filter(pl.col("ma_kia") != pl.col("ma_ho_so")).rename({"ma_ho_so": OWN_CODE})


def _join_codes(pairs: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Groups of codes that hang together (union-find): ``ma_ho_so`` and ``_nhom``, the smallest code of the group."""
    parent: dict[str, str] = {}

    def find(code: str) -> str:
        root = code
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[code] != root:
            parent[code], code = root, parent[code]
        return root

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        parent[high] = low
    roots = [find(code) for code in list(parent)]
    return pl.DataFrame({"ma_ho_so": list(parent), "_nhom": roots}, schema={"ma_ho_so": pl.Utf8, "_nhom": pl.Utf8})


def _name_groups(members: pl.DataFrame, rule: Precedence) -> dict[str, str]:
    """Code → the code that its group bears, where they differ."""
    named = members.with_columns(
        pl.col("ma_ho_so").sort_by(rank_system_expr(rule.thu_tu), "ma_ho_so").first().over("_nhom").alias("_dan_dau"),
    ).filter(pl.col("ma_ho_so") != pl.col("_dan_dau"))
    return dict(named.select("ma_ho_so", "_dan_dau").unique().sort("ma_ho_so").iter_rows())


def _name_undelivered(
    links: pl.DataFrame,
    groups: pl.DataFrame,
    clashing: pl.DataFrame,
    codes: Mapping[str, str],
    delivered: pl.Series,
) -> dict[str, str]:
    """``codes`` and the codes that only links name; one that would stand for several dossiers stands for none."""
    apart = groups.join(clashing, on="_nhom", how="semi")["ma_ho_so"]
    named = links.select("ma_kia", "ma_ho_so").filter(~pl.col("ma_kia").is_in(delivered.implode())).unique()
    unclear = pl.col("ma_kia").is_duplicated() & pl.col("ma_kia").is_in(apart.implode())
    found = {other: codes.get(code, code) for other, code in named.filter(~unclear).sort(pl.all()).iter_rows()}
    return {**codes, **found}


def _find_clashes(accepted: pl.DataFrame, clashing: pl.DataFrame) -> pl.DataFrame:
    """One finding per group and system that it would join codes of, placed on the newest row of the first code."""
    said = clashing.select(
        pl.col("ma_ho_so").list.first().alias("ma_ho_so"),
        "he_thong",
        pl.col("ma_ho_so").list.len().cast(pl.Utf8).alias("_so"),
        pl.col("ma_ho_so").list.head(_SHOWN).list.join(", ").alias("_cac_ma"),
    )
    rows = accepted.join(said, on=["ma_ho_so", "he_thong"], how="inner")
    newest = pick_newest(rows, ["ma_ho_so", "he_thong"], VERSION_ORDER)
    more = pl.when(pl.col("_so").cast(pl.Int64) > _SHOWN).then(pl.lit(", …")).otherwise(pl.lit(""))
    return find_rows(newest, "LIEN_KET_XUNG_DOT", so=pl.col("_so"), cac_ma=pl.concat_str("_cac_ma", more))


def _find_undelivered(links: pl.DataFrame, delivered: pl.Series) -> Iterator[Finding]:
    """One finding per file: how many of its links name a code that no list holds."""
    unknown = links.filter(~pl.col("ma_kia").is_in(delivered.implode()))
    for source, name, sha, count in unknown.group_by("_nguon", "_ten_tep", "_file_sha256").len().sort(pl.all()).rows():
        yield make_finding("LIEN_KET_CHUA_THAY", nguon=source, ten_tep=name, file_sha256=sha, so=count)


def _find_useless(declared: Sequence[DossierLink], held: set[tuple[str, str]]) -> Iterator[Finding]:
    """One finding per side of a declared line that no list of that system holds."""
    for one in declared:
        for code, system in one.sides:
            if (code, system) not in held:
                yield make_finding("LIEN_KET_SAI", nguon=system, ma_ho_so=code, dong=one.dong)

"""The auditor's data: which quantities, checks and units it knows (schemas/checks/verify*.toml).

Belongs here: typed reading of those files, once. Does not belong here: applying them.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

import schemas.checks
from schemas.rules.text import matching_key

Severity = Literal["E", "W", "I"]


_NAME = re.compile(r"[A-Za-z_][\w.]*\*?")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


Words = TypeVar("Words", bound=_Entry)


class QuantityKind(_Entry):
    """One labelled quantity of running text; see the head of verify_text.toml for the fields."""

    ma: str
    ten: str
    mau: re.Pattern[str]
    loai: Literal["so", "ty_le", "chi_ty_le", "tien"] = "so"
    can: str | None = None
    mo: str | None = None
    mau_so: str | None = None
    lay_mau: bool = False
    la: str | None = None
    day: str | None = None
    khong: re.Pattern[str] | None = None
    dau_nhom: bool = False


class QuantityGroup(_Entry):
    """Quantities that stand together in a report."""

    ma: str
    neo: re.Pattern[str]
    don_vi: re.Pattern[str]
    bo: re.Pattern[str] | None = None
    het: re.Pattern[str] | None = None
    khac: re.Pattern[str] | None = None
    mot_cau: bool = False
    muc: tuple[QuantityKind, ...]


class CheckKind(_Entry):
    """One id of the auditor: severity, title, and for messages filled in code their templates by name."""

    ma: str
    muc_do: Severity
    ten: str
    thong_diep: dict[str, str] = {}


class Identity(_Entry):
    """A relation between figures: ``trai`` and ``phai`` are sums of terms; alternatives are tried in order.

    A term is a quantity of the text or a row ("BM3.2.1.1"); ``?`` marks one that may be absent (0).
    ``chap_nhan``: right sides that are as good. ``vang``: applies only while these figures are absent.
    ``nham_so``: only sides that differ by a slip of the pen are wrong. ``khac_loai``: the sides count different things,
    which may lie far apart.
    """

    ma: str
    trai: tuple[str, ...]
    phep: Literal["=", "<=", ">=", "!="] = "="
    phai: tuple[str, ...]
    chap_nhan: tuple[str, ...] = ()
    vang: tuple[str, ...] = ()
    nham_so: bool = False
    khac_loai: bool = False
    dien_giai: str

    @property
    def names(self) -> frozenset[str]:
        """The names of all figures it may look at."""
        return frozenset(name for side in (*self.trai, *self.phai) for name in _NAME.findall(side))


class UnitRule(_Entry):
    """Which units fit a row whose label matches."""

    nhan: re.Pattern[str]
    don_vi: tuple[str, ...]


class ListWords(_Entry):
    """Words of lists in running text; see verify_lists.toml."""

    ho: re.Pattern[str]
    bang_chu: re.Pattern[str]
    khac: re.Pattern[str]
    do_luong: re.Pattern[str]
    noi_tiep: re.Pattern[str]
    khong_ty_trong: re.Pattern[str]
    giao_nhau: re.Pattern[str]
    ho_don_vi: tuple[re.Pattern[str], ...]
    bu_nhau: tuple[tuple[re.Pattern[str], ...], ...]


class CompareWords(_Entry):
    """Words of comparisons with an earlier period or a plan; see verify_lists.toml."""

    tang_giam: re.Pattern[str]
    nen: re.Pattern[str]
    ke_hoach: re.Pattern[str]
    viec: re.Pattern[str]
    hai_ky: re.Pattern[str]
    danh_gia: re.Pattern[str]


class FigureWords(_Entry):
    """Words that stand around a figure, whatever it is a figure of; see verify_lists.toml."""

    dem_duoc: re.Pattern[str]
    lon_hon: re.Pattern[str]
    vuot: re.Pattern[str]
    chu_the: re.Pattern[str]


class TableWords(_Entry):
    """Words in the headings and labels of tables inside the text; see verify_lists.toml."""

    don_vi: tuple[re.Pattern[str], ...]
    cua_ho_so: re.Pattern[str]


class StaffWords(_Entry):
    """Words of posts, contracts and the two kinds of offices; see verify_lists.toml."""

    bien_che: re.Pattern[str]
    hop_dong: re.Pattern[str]
    hanh_chinh: re.Pattern[str]
    su_nghiep: re.Pattern[str]


class ReportWords(_Entry):
    """Words by which a report is told from other texts; see verify_lists.toml."""

    chu_de: re.Pattern[str]
    tieu_de: re.Pattern[str]
    the_thuc: re.Pattern[str]


@cache
def load_report_words() -> ReportWords:
    """Read the words of reports."""
    return _read_words(ReportWords, "bao_cao")


@cache
def load_figure_words() -> FigureWords:
    """Read the words around figures."""
    return _read_words(FigureWords, "con_so")


@cache
def load_table_words() -> TableWords:
    """Read the words of tables inside the text."""
    return _read_words(TableWords, "bang")


@cache
def load_staff_words() -> StaffWords:
    """Read the words of staff figures."""
    return _read_words(StaffWords, "bien_che")


@cache
def load_list_words() -> ListWords:
    """Read the words of lists."""
    data = _read("verify_lists.toml")
    families = tuple(tuple(_pattern(source) for source in entry["mau"]) for entry in data["bu_nhau"])
    return ListWords.model_validate(_patterns(data["tu"]) | {"bu_nhau": families})


@cache
def load_compare_words() -> CompareWords:
    """Read the words of comparisons."""
    return _read_words(CompareWords, "so_sanh")


def _read_words(kind: type[Words], section: str) -> Words:
    return kind.model_validate(_patterns(_read("verify_lists.toml")[section]))


def _patterns(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(map(_pattern, value)) if isinstance(value, list) else _pattern(value)
        for name, value in entry.items()
    }


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(_fold_pattern(source))


@cache
def load_groups() -> tuple[QuantityGroup, ...]:
    """Read the quantities of the text."""
    data = _read("verify_text.toml")
    words = dict(data["tu"].items())
    return tuple(QuantityGroup.model_validate(_compile(group, words)) for group in data["nhom"])


@cache
def load_checks() -> dict[str, CheckKind]:
    """Read the ids, by id."""
    return {entry["ma"]: CheckKind.model_validate(entry) for entry in _read("verify.toml")["kiem_tra"]}


@cache
def load_identities() -> tuple[Identity, ...]:
    """Read the relations between figures, in order."""
    return tuple(Identity.model_validate(entry) for entry in _read("verify.toml")["dang_thuc"])


@cache
def load_unit_rules() -> tuple[UnitRule, ...]:
    """Read which units fit which labels; the first match decides."""
    return tuple(UnitRule.model_validate(_compile(entry, {})) for entry in _read("verify.toml")["don_vi_tinh"])


@cache
def _read(name: str) -> dict[str, Any]:
    folder = Path(str(schemas.checks.__path__[0]))
    return tomllib.loads((folder / name).read_text("utf-8"))


_PATTERNS = ("mau", "neo", "don_vi", "bo", "het", "nhan", "khong")


def _compile(entry: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Compile the patterns of an entry: words in braces filled in, tones placed as the matched text has them."""
    done: dict[str, Any] = {}
    for name, value in entry.items():
        if name in _PATTERNS and isinstance(value, str):
            for word, source in words.items():
                value = value.replace(f"{{{word}}}", source)
            done[name] = re.compile(_fold_pattern(value))
        elif name == "muc":
            done[name] = tuple(_compile(item, words) for item in value)
        else:
            done[name] = value
    return done


def _fold_pattern(source: str) -> str:
    # matching_key lowers case, which would turn \W into \w: classes are kept aside.
    return "".join(part if part.startswith("\\") else matching_key_spaced(part) for part in re.split(r"(\\.)", source))


def matching_key_spaced(text: str) -> str:
    """Fold a piece of a pattern, keeping blanks at its ends."""
    lead = len(text) - len(text.lstrip(" "))
    trail = len(text) - len(text.rstrip(" ")) if text.strip(" ") else 0
    return " " * lead + matching_key(text) + " " * trail

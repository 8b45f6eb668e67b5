"""The kinds of cross-checks: what each compares, and how its message names the figures.

Belongs here: sums, printed ratios, steps from one period to the next, control totals, and their evaluation over values.
Does not belong here: the checks themselves (the TOML files beside this module), where values come from (assets/out).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.findings import Severity
from schemas.rules.display import format_date, format_number
from schemas.rules.periods import Comparable, parse_period

Outcome = Literal["dat", "khong_dat", "khong_xet"]

_RELATIONS: dict[str, Callable[[float, float, float], bool]] = {
    "=": lambda left, right, tolerance: abs(left - right) <= tolerance,
    "<=": lambda left, right, tolerance: left <= right + tolerance,
    "<": lambda left, right, _: left < right,
    ">": lambda left, right, _: left > right,
}


CONTROL_MEASURES = {
    "tn_tong": "tiếp nhận, tổng số",
    "tn_truc_tuyen": "tiếp nhận trực tuyến",
    "tn_truc_tiep": "tiếp nhận trực tiếp, bưu chính",
    "tn_ky_truoc": "từ kỳ trước",
    "gq_tong": "đã giải quyết, tổng số",
    "gq_truoc_han": "giải quyết trước hạn",
    "gq_dung_han": "giải quyết đúng hạn",
    "gq_qua_han": "giải quyết quá hạn",
    "dg_tong": "đang giải quyết, tổng số",
    "dg_trong_han": "đang giải quyết trong hạn",
    "dg_qua_han": "đang giải quyết quá hạn",
    "tn_moi": "mới tiếp nhận",
    "gq_truoc_dung_han": "giải quyết trước và đúng hạn",
    "bo_sung": "bổ sung",
    "tra_lai": "trả lại",
}
"""Measures of forms 06a and 07a (``so_do``) and their names in messages; the last four stand in 07a alone."""

CONTROL_FORMS = ("06a", "07a")
"""The aggregate reports that are compared."""


RUN_TERMS = {
    "NGAY_CHOT": "ngày chốt",
    "NGAY_CUOI_KY": "ngày cuối kỳ",
    "SO_TY_LE": "số tỷ lệ đếm được",
    "SO_TY_LE_TRON_100": "số tỷ lệ đúng bằng 100 %",
    "HEN_TRA_TINH_LAI": "số ngày hẹn trả tính lại được",
    "HEN_TRA_KHOP": "số ngày hẹn trả trùng ngày đã in",
}
"""Terms about the run itself that checks may use besides row ids and indicators, and what messages call them."""

_DAYS = frozenset({"NGAY_CHOT", "NGAY_CUOI_KY"})
"""Run terms that are days, as ordinal numbers."""


def _read_signed_sum(text: str) -> str:
    tokens = text.split()
    if len(tokens) % 2 == 0 or any(sign not in "+-" for sign in tokens[1::2]):
        raise ValueError(f"not a signed sum of row ids: {text!r}")
    return text


SignedSum = Annotated[str, AfterValidator(_read_signed_sum)]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier period that the home holds: its key, cut-off and values by row id."""

    ky: str
    ngay_chot: date
    gia_tri: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run offers to its checks.

    Attributes:
        gia_tri: row id, indicator code or run term → value; absent or null means unknown.
        ky: period key.
        ngay_chot: cut-off.
        ky_truoc: way of comparing → the last period that it allows; absent where the home holds none.
        tong_hop: form → measure → figure of the aggregate report of exactly this window; only those delivered.
    """

    gia_tri: Mapping[str, float | None]
    ky: str
    ngay_chot: date
    ky_truoc: Mapping[Comparable, EarlierRun] = field(default_factory=dict)
    tong_hop: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def window(self) -> str:
        """The days that the run counts, in words."""
        return f"từ {format_date(parse_period(self.ky).tu_ngay)} đến {format_date(self.ngay_chot)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of one check: both sides (null when a term has no value) and the message with the figures."""

    ket_qua: Outcome
    ve_trai: float | None
    ve_phai: float | None
    dien_giai: str


class BaseCheck(BaseModel):
    """What every kind has: id, severity, and what it means when the check fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    muc_do: Severity
    dien_giai: str

    def skip(self, left: float | None, right: float | None, because: str = "thiếu số liệu") -> Verdict:
        """The verdict of a check that cannot be applied."""
        return Verdict("khong_xet", left, right, f"Không xét vì {because}: {self.dien_giai}.")

    def decide(self, left: float, right: float, said: str, *, holds: bool) -> Verdict:
        """The verdict of a check that was applied."""
        return Verdict("dat" if holds else "khong_dat", left, right, f"{self.dien_giai} ({said}).")


class SumCheck(BaseCheck):
    """Two signed sums of terms and the relation between them; ``dung_sai`` is allowed for "=" and "<=".

    ``khi`` names what must have occurred for the check to mean something: where nothing was received, nothing pends.
    """

    loai: Literal["tong"] = "tong"
    trai: SignedSum
    phep: Literal["=", "<=", "<", ">"]
    phai: SignedSum
    khi: SignedSum | None = None
    dung_sai: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _tolerates_only_where_it_means_something(self) -> SumCheck:
        if self.dung_sai and self.phep not in ("=", "<="):
            raise ValueError(f"{self.ma}: a tolerance goes with = and <= only")
        return self

    @property
    def terms(self) -> frozenset[str]:
        """Every row id, indicator code or run term the check reads; plain numbers left out."""
        return _list_terms(self.trai) | _list_terms(self.phai) | _list_terms(self.khi or "")

    @property
    def compares_days(self) -> bool:
        """Whether its sides are days, kept as ordinal numbers."""
        return self.trai in _DAYS

    def evaluate(self, figures: Figures) -> Verdict:
        """Compare both sums."""
        left, right = _sum(self.trai, figures.gia_tri), _sum(self.phai, figures.gia_tri)
        if left is None or right is None:
            return self.skip(left, right)
        if self.khi is not None and not _sum(self.khi, figures.gia_tri):
            return self.skip(left, right, "không phát sinh")
        sides = ((self.trai, left), (self.phai, right))
        said = "; ".join(_say_side(text, value) for text, value in sides if not text.isdigit())
        return self.decide(left, right, said, holds=_RELATIONS[self.phep](left, right, self.dung_sai))


class RatioCheck(BaseCheck):
    """A printed percentage against its terms; ``dung_sai`` in percentage points (half of the printed decimal)."""

    loai: Literal["ty_le"]
    dong: str
    tu: str
    mau: str
    dung_sai: float = Field(default=0.05, ge=0)

    @property
    def terms(self) -> frozenset[str]:
        """The printed row and its two terms."""
        return frozenset((self.dong, self.tu, self.mau))

    def evaluate(self, figures: Figures) -> Verdict:
        """Compare the percentage with the division."""
        printed, above, below = (figures.gia_tri.get(term) for term in (self.dong, self.tu, self.mau))
        if printed is None or above is None or not below:
            return self.skip(printed, None)
        exact = 100 * above / below
        said = f"{self.dong} = {format_number(printed)} %; {self.tu} / {self.mau} = {_say_ratio(above, below)}"
        # the tolerance is half a printed digit: 0,05 in binary must not decide
        return self.decide(printed, exact, said, holds=abs(printed - exact) <= self.dung_sai + 1e-9)


class StepCheck(BaseCheck, ABC):
    """A row against itself in an earlier period; ``so_voi`` says which one (schemas.rules.periods)."""

    dong: str
    so_voi: Comparable

    @property
    def terms(self) -> frozenset[str]:
        """The row."""
        return frozenset((self.dong,))

    @abstractmethod
    def compare(self, now: float, before: float) -> bool:
        """Whether the step is an ordinary one."""

    def evaluate(self, figures: Figures) -> Verdict:
        """Compare the row with the earlier period's; not applied where the home holds none."""
        now, earlier = figures.gia_tri.get(self.dong), figures.ky_truoc.get(self.so_voi)
        if earlier is None:
            return self.skip(now, None, "kho chưa có kỳ trước so sánh được")
        before = earlier.gia_tri.get(self.dong)
        if now is None or before is None:
            return self.skip(now, before)
        said = (
            f"{self.dong} kỳ {figures.ky}, chốt {format_date(figures.ngay_chot)} = {format_number(now)}; "
            f"kỳ {earlier.ky}, chốt {format_date(earlier.ngay_chot)} = {format_number(before)}"
        )
        return self.decide(now, before, said, holds=self.compare(now, before))


class JumpCheck(StepCheck):
    """A figure should not leap: it fails when the step is larger than both thresholds.

    Attributes:
        nguong_phan_tram: percent of the earlier figure.
        nguong_tuyet_doi: in the row's own unit, so that small figures may double.
    """

    loai: Literal["bien_dong"]
    nguong_phan_tram: float = Field(gt=0)
    nguong_tuyet_doi: float = Field(ge=0)

    def compare(self, now: float, before: float) -> bool:
        """Whether the step stays within one of the thresholds."""
        step = abs(now - before)
        return step <= self.nguong_tuyet_doi or 100 * step <= self.nguong_phan_tram * abs(before)


class NoFallCheck(StepCheck):
    """A figure that accumulates from the year's start cannot fall."""

    loai: Literal["khong_giam"]

    def compare(self, now: float, before: float) -> bool:
        """Whether the figure stayed or grew."""
        return now >= before


class ControlCheck(BaseCheck):
    """A sum of our own rows against a figure of the aggregate report that the portal made for the same window.

    Attributes:
        trai: our own rows.
        so_do: the report's measure.
        cong_them: a measure that the report may print beside ``so_do`` and we count in: added where it is printed.
        mau_bieu: which report.
    """

    loai: Literal["tong_hop"]
    trai: SignedSum
    so_do: str
    cong_them: str | None = None
    mau_bieu: Literal["06a", "07a"] = "06a"

    @field_validator("so_do", "cong_them")
    @classmethod
    def _is_a_measure(cls, name: str | None) -> str | None:
        if name is not None and name not in CONTROL_MEASURES:
            raise ValueError(f"no measure {name!r}")
        return name

    @property
    def terms(self) -> frozenset[str]:
        """Our own rows."""
        return _list_terms(self.trai)

    def evaluate(self, figures: Figures) -> Verdict:
        """Compare; not applied where no report of exactly this window was delivered."""
        report = figures.tong_hop.get(self.mau_bieu, {})
        window = figures.window
        own, control = _sum(self.trai, figures.gia_tri), report.get(self.so_do)
        if control is None:
            lacking = f"có cột {CONTROL_MEASURES[self.so_do]}" if report else f"của đúng khoảng ngày của kỳ ({window})"
            return self.skip(own, None, f"chưa có biểu {self.mau_bieu} {lacking} trong inbox/tong_hop")
        columns = CONTROL_MEASURES[self.so_do]
        if self.cong_them is not None and self.cong_them in report:
            columns += f" cộng {CONTROL_MEASURES[self.cong_them]}"
            control += report[self.cong_them]
        if own is None:
            return self.skip(None, control)
        # only a report of the run's own window is compared, so the two windows are one; each side names its own
        said = (
            f"danh sách, {window}: {_say_side(self.trai, own)}; "
            f"biểu {self.mau_bieu}, {window}: cột {columns} = {format_number(control)}"
        )
        return self.decide(own, control, said, holds=own == control)


Check = SumCheck | RatioCheck | JumpCheck | NoFallCheck | ControlCheck


def _list_terms(text: str) -> frozenset[str]:
    return frozenset(term for term in text.split()[0::2] if not term.isdigit())


def _say_ratio(above: float, below: float) -> str:
    return f"{format_number(above)} / {format_number(below)}"


def _say_side(text: str, value: float) -> str:
    shown = format_date(date.fromordinal(int(value))) if text in _DAYS else format_number(value)
    return f"{RUN_TERMS.get(text, text)} = {shown}"


def _sum(text: str, values: Mapping[str, float | None]) -> float | None:
    tokens = ["+", *text.split()]
    total = 0.0
    for sign, term in zip(tokens[0::2], tokens[1::2], strict=True):
        value = float(term) if term.isdigit() else values.get(term)
        if value is None:
            return None
        total += value if sign == "+" else -value
    return total

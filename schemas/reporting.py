"""How one unit reports: what its forms call the level above, which forms apply, by when, who fills in what.

Belongs here: settings that change wording and layout, never a value. Does not belong here: rules that numbers depend on
(unit), who the unit is (document).
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.forms import load_forms, row_id
from schemas.rules.periods import PERIOD_KINDS, Period

MAX_PEOPLE = 12
"""People with a sheet of their own in the declared workbook; its source knows as many sheets (nhap_tay.toml)."""

_CITY = "UBND thành phố"
"""What the forms, localised for Hải Phòng, call the level above."""


class ReportRules(BaseModel):
    """How this unit reports: labels, forms, deadlines. No value depends on it, so it is no input of a value's hash.

    Attributes:
        cap_tren: what the forms call the level above: "thành phố" or "tỉnh".
        bieu_mau: the forms that apply here; empty: all. The others are not printed, asked for or checked.
        han_nop: kind of period → the day ("dd/mm") by which the level above wants the report; the ministry's without
            one ([confirm]: no public source for local deadlines).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cap_tren: str = Field("thành phố", min_length=2)
    bieu_mau: tuple[str, ...] = ()
    han_nop: dict[str, str] = {}

    @field_validator("bieu_mau")
    @classmethod
    def _are_forms(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(names) - _list_annex():
            raise ValueError(f"không có biểu mẫu {', '.join(sorted(unknown))}")
        return names

    @field_validator("han_nop")
    @classmethod
    def _are_days(cls, days: dict[str, str]) -> dict[str, str]:
        """A misspelt kind or a day that no year has would silently leave the ministry's deadline."""
        for kind, day in days.items():
            if kind not in PERIOD_KINDS:
                raise ValueError(f"không có kỳ {kind}; các kỳ: {', '.join(PERIOD_KINDS)}")
            try:
                _read_day(day, 2023)
            except ValueError:
                raise ValueError(f"{kind}: “{day}” không phải một ngày của năm, viết ngày/tháng, ví dụ 12/06") from None
        return days

    def localise(self, label: str) -> str:
        """A label of the forms, which are a city's, as this unit prints it."""
        return label.replace(_CITY, f"UBND {self.cap_tren}")

    def applies(self, bieu: str) -> bool:
        """Whether a form is this unit's; the rows of the text always are."""
        return not self.bieu_mau or bieu in self.bieu_mau or bieu not in _list_annex()

    @property
    def forms(self) -> list[str]:
        """The forms that apply, the text's rows among them, in printing order."""
        return [bieu for bieu in load_forms() if self.applies(bieu)]

    def deadline(self, period: Period) -> date:
        """The day by which this unit sends the report of a period."""
        day = self.han_nop.get(period.kind)
        return _read_day(day, period.year) if day else period.gui_truoc


def _list_annex() -> set[str]:
    return {form.bieu for form in load_forms().values() if form.in_phu_luc}


def _read_day(text: str, year: int) -> date:
    day, _, month = text.partition("/")
    return date(year, int(month), int(day))


def check_people(people: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Give back who fills in what, name → forms ("BM1") or rows with the rows below them ("BM4.1").

    Raises:
        ValueError: a row that does not exist, or one given to two people.
    """
    rows = {row_id(form.bieu, line.stt) for form in load_forms().values() for line in form.dong}
    places = [place for own in people.values() for place in own]
    if unknown := [one for one in places if not any(_lies_under(row, one) for row in rows)]:
        raise ValueError(f"không có dòng {', '.join(sorted(unknown))}")
    if twice := {one for one in places if places.count(one) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))} giao cho hai người")
    return people


def find_person(people: dict[str, tuple[str, ...]], bieu: str, stt: str) -> str | None:
    """Who fills in a declared row: of several assignments the closest; None: nobody by name."""
    row = row_id(bieu, stt)
    fitting = [(len(place), name) for name, own in people.items() for place in own if _lies_under(row, place)]
    return max(fitting)[1] if fitting else None


def _lies_under(row: str, place: str) -> bool:
    return row == place or row.startswith(f"{place}.")

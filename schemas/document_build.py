"""How the rows of the forms become the context of the report: values to printed text, once, for text and annex.

Belongs here: the pure builder, its inputs, and which row of ``out.bieu_mau`` each number of the text prints. Does not
belong here: the models of the document (``document``), how one value is written (``rules/display``), reading rows from
a database or settings from a file (the caller).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.document import (
    MISSING,
    SECTIONS,
    BaoCao,
    BieuMau,
    DoanVan,
    DonVi,
    HangBieu,
    KyBaoCao,
    SoLieuTthc,
    ThuocTinh,
    VanBan,
    find_section,
)
from schemas.rules.display import (
    NO_CASE,
    Cell,
    format_date,
    format_dong,
    format_integer,
    format_long_date,
    format_number,
    format_percent,
    say_unknown,
    show_number,
    show_ratio,
)

RowKind = Literal["header", "counted", "ratio", "sum", "declared", "enum"]

_NBSP = "\u00a0"
_NOTE_WIDTH = 15  # characters of the column "Ghi chú"
_YTD_NOTE = " (lũy kế đến thời điểm báo cáo)"

_OPENING = (
    "{don_vi} báo cáo kết quả thực hiện nhiệm vụ cải cách hành chính (CCHC) {ky}; phương hướng, nhiệm vụ CCHC "
    "{ky_toi} như sau:"
)
_CLOSING = (
    "Trên đây là báo cáo kết quả thực hiện nhiệm vụ CCHC {ky}; phương hướng, nhiệm vụ CCHC {ky_toi} của {don_vi}./."
)

# Field of SoLieuTthc -> row of out.bieu_mau. A field that is not here is a sentence part, built below.
_COUNTS: dict[str, tuple[str, str]] = {
    "tong_tthc": ("II.2", "1"),
    "tthc_cap_tinh": ("II.2", "1.1"),
    "tthc_cap_xa": ("II.2", "1.2"),
    "tthc_ca_hai_cap": ("II.2", "1.3"),
    "tthc_khong_thuoc": ("II.2", "1.4"),
    "tiep_nhan": ("II.2", "2"),
    "tiep_nhan_truc_tuyen": ("II.2", "2.1"),
    "tiep_nhan_truc_tiep": ("II.2", "2.2"),
    "tiep_nhan_buu_chinh": ("II.2", "2.3"),
    "ky_truoc_chuyen_qua": ("II.2", "2.4"),
    "da_giai_quyet": ("II.2", "3"),
    "truoc_han": ("II.2", "3.1"),
    "dung_han": ("II.2", "3.2"),
    "qua_han": ("II.2", "3.3"),
    "tu_choi": ("II.2", "3.4"),
    "rut": ("II.2", "3.5"),
    "dang_giai_quyet": ("II.2", "4"),
    "trong_han": ("II.2", "4.1"),
    "qua_han_dang_giai_quyet": ("II.2", "4.2"),
    "tam_dung": ("II.2", "4.3"),
    "ho_so_phat_sinh_phi": ("II.2", "6"),
    "pakn_tiep_nhan": ("3", "2.2.1"),
    "pakn_da_giai_quyet": ("3", "2.2.2"),
    "nganh_doc": ("II.2", "8"),
}


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of ``out.bieu_mau``, with the three print flags of its form's TOML.

    Attributes:
        bieu: "1".."7" or "II.2".
        stt: "2.1.1", without the trailing dot.
        chi_tieu: label.
        don_vi_tinh: unit; empty for a header row.
        so_lieu: the value; for a ratio its percentage 0..100; None when there is none.
        tu_so: numerator of a ratio.
        mau_so: denominator of a ratio.
        hien_thi: text that is printed instead of the formatted value; empty: format the value here.
        loai: kind of row.
        in_nghieng: print in italics.
        an_stt: print no STT.
        luy_ke: a value counted from the year's start: says so after the label.
        chua_ro: dossiers that are in no term of the value because no source says.
        con_thieu: what nobody delivered, so that there is no value: "thiếu danh mục thủ tục hành chính".
    """

    bieu: str
    stt: str
    chi_tieu: str
    don_vi_tinh: str = ""
    so_lieu: float | None = None
    tu_so: float | None = None
    mau_so: float | None = None
    hien_thi: str = ""
    loai: RowKind = "counted"
    in_nghieng: bool = False
    an_stt: bool = False
    luy_ke: bool = False
    chua_ro: int = 0
    con_thieu: str = ""


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The period of the report: key, printed names, first day and cut-off."""

    khoa: str
    ten: str
    ten_ky_toi: str
    tu_ngay: date
    ngay_chot: date


@dataclass(frozen=True, slots=True)
class PolicyNote:
    """The counting policy as printed: "II06A", and one sentence that explains it."""

    ma: str
    dien_giai: str


@dataclass(frozen=True, slots=True)
class ReportMarks:
    """What marks this copy of the report.

    Attributes:
        so: number given by văn thư; None leaves a blank to fill in.
        ngay: date of signing; None leaves a blank.
        la_so_lieu_mau: sample data.
        la_du_thao: draft.
        so_lieu_den_ngay: day of the newest data when that is before the cut-off, else None.
        phien_ban_du_lieu: version of the data, for the file's properties.
    """

    so: str | None = None
    ngay: date | None = None
    la_so_lieu_mau: bool = False
    la_du_thao: bool = False
    so_lieu_den_ngay: date | None = None
    phien_ban_du_lieu: str = ""


def build_context(
    rows: Sequence[FormRow],
    form_titles: Mapping[str, str],
    unit: DonVi,
    period: ReportPeriod,
    policy: PolicyNote,
    paragraphs: Mapping[str, Sequence[str]],
    marks: ReportMarks = ReportMarks(),
    policy_forms: frozenset[str] = frozenset({"3"}),
) -> BaoCao:
    """Build the context of one report.

    Args:
        rows: the rows of ``out.bieu_mau`` of one unit, period, cut-off and policy, in printing order.
        form_titles: form -> title, in printing order; a form without rows is left out.
        unit: the reporting unit.
        period: the period.
        policy: the counting policy.
        paragraphs: section ("I.1", "mo_dau" …) -> paragraphs, placeholders already filled.
        marks: number, date and marks of this copy.
        policy_forms: forms under which the counting policy is printed.

    Returns:
        The context; everything on paper is in it.

    Raises:
        ValueError: a section that the report does not have, or two rows with one number.
    """
    by_key = _index(rows)
    return BaoCao(
        don_vi=unit,
        van_ban=_build_record(marks, period),
        ky=KyBaoCao(
            ten=period.ten,
            ten_ky_toi=period.ten_ky_toi,
            tu_ngay=format_date(period.tu_ngay),
            ngay_chot=format_date(period.ngay_chot),
        ),
        la_so_lieu_mau=marks.la_so_lieu_mau,
        la_du_thao=marks.la_du_thao,
        so_lieu_den_ngay=format_date(marks.so_lieu_den_ngay) if marks.so_lieu_den_ngay else "",
        doan=_build_paragraphs(paragraphs, unit, period),
        tthc=_build_text_numbers(by_key),
        bieu_mau=_build_forms(rows, form_titles, policy, policy_forms),
        thuoc_tinh=_build_properties(unit, period, policy, marks),
    )


def show_row(row: FormRow) -> Cell:
    """Say what a row prints in "Số liệu" and "Ghi chú": the same in Word, Excel and ``out.bieu_mau.hien_thi``.

    Raises:
        ValueError: a negative term of a ratio.
    """
    if row.loai == "header":
        return Cell("", "")
    cell = show_ratio(row.tu_so, row.mau_so) if row.loai == "ratio" else show_number(row.so_lieu)
    why = f"{cell.ghi_chu} ({row.con_thieu})" if row.con_thieu else cell.ghi_chu
    notes = [note for note in (why, say_unknown(row.chua_ro)) if note]
    return Cell(row.hien_thi or cell.so_lieu_in, "; ".join(notes))


def _index(rows: Iterable[FormRow]) -> dict[tuple[str, str], FormRow]:
    by_key: dict[tuple[str, str], FormRow] = {}
    for row in rows:
        key = (row.bieu, row.stt)
        if key in by_key:
            raise ValueError(f"two rows for form {row.bieu}, {row.stt}")
        by_key[key] = row
    return by_key


def _build_record(marks: ReportMarks, period: ReportPeriod) -> VanBan:
    blank = _NBSP * 6  # as wide as what văn thư writes by hand
    if marks.ngay:
        long_date, short_date = format_long_date(marks.ngay), format_date(marks.ngay)
    else:
        year = period.ngay_chot.year
        long_date = f"ngày{blank}tháng{blank}năm {year}"
        short_date = f"{blank}/{blank}/{year}"
    return VanBan(so=marks.so or blank, ngay_dai=long_date, ngay_ngan=short_date)


def _build_paragraphs(paragraphs: Mapping[str, Sequence[str]], unit: DonVi, period: ReportPeriod) -> DoanVan:
    given: dict[str, tuple[str, ...]] = {}
    for muc, texts in paragraphs.items():
        section = find_section(muc)
        if section is None:
            raise ValueError(f"the report has no section {muc!r}; it has {', '.join(SECTIONS)}")
        # One cell of the workbook may hold several paragraphs: an officer presses Alt+Enter between them.
        lines = tuple(line.strip() for text in texts for line in text.splitlines() if line.strip())
        given[section] = given.get(section, ()) + lines
    # Every report leads in with a colon and ends with "./.": an officer's own sentence replaces the standard one.
    names = {"don_vi": unit.ten_ngan, "ky": period.ten, "ky_toi": period.ten_ky_toi}
    for section, sentence, mark in (("mo_dau", _OPENING, ":"), ("ket", _CLOSING, "./.")):
        lines = given.get(section, ())
        if not lines or not lines[-1].endswith(mark):
            given[section] = (*lines, sentence.format(**names))
    return DoanVan(**{section: lines for section, lines in given.items() if lines})


def _build_text_numbers(by_key: Mapping[tuple[str, str], FormRow]) -> SoLieuTthc:
    values = {name: _show_count(by_key.get(key)) for name, key in _COUNTS.items()}
    values["ty_le_truc_tuyen"] = _show_share(by_key.get(("II.2", "2.1")), by_key.get(("II.2", "2")))
    values["so_hoa_thanh_phan"] = _show_part(by_key.get(("II.2", "5.1")))
    values["so_hoa_ket_qua"] = _show_part(by_key.get(("II.2", "5.2")))
    values["so_hoa_ca_hai"] = _show_part(by_key.get(("II.2", "5.3")))
    fee = by_key.get(("II.2", "6.1"))
    amount = MISSING if fee is None or fee.so_lieu is None else format_dong(round(fee.so_lieu))
    values["tien_thu"] = amount + _add_unknown(fee)
    values["thanh_toan_truc_tuyen"] = _show_online_payment(by_key)
    values["pakn_hai_long"] = _show_rate(by_key.get(("II.2", "7")))
    return SoLieuTthc(**values)


def _show_count(row: FormRow | None) -> str:
    number = MISSING if row is None or row.so_lieu is None else format_number(row.so_lieu)
    # the template goes on with "hồ sơ"
    return f"{number} (và {format_integer(row.chua_ro)} chưa rõ)" if row is not None and row.chua_ro else number


def _add_unknown(row: FormRow | None) -> str:
    """What stands in brackets after a number of the text: why there is none, or how many dossiers are in none."""
    note = "" if row is None else row.con_thieu or say_unknown(row.chua_ro)
    return f" ({note})" if note else ""


def _show_share(part: FormRow | None, whole: FormRow | None) -> str:
    if part is None or whole is None or part.so_lieu is None or whole.so_lieu is None:
        return f"chiếm tỷ lệ {MISSING}"
    percent = format_percent(part.so_lieu, whole.so_lieu)
    return NO_CASE if percent is None else f"chiếm tỷ lệ {percent}%"


def _show_online_payment(by_key: Mapping[tuple[str, str], FormRow]) -> str:
    paid, base = by_key.get(("II.2", "6.2")), by_key.get(("II.2", "6"))
    if paid is not None and paid.loai == "ratio":
        return _show_part(paid)
    if paid is None or base is None:
        return MISSING
    if paid.chua_ro and paid.so_lieu is not None:  # no share: of some that bear fees nobody knows how they were paid
        return f"{format_number(paid.so_lieu)} hồ sơ{_add_unknown(paid)}"
    return _phrase_part(paid.so_lieu, base.so_lieu) + _add_unknown(paid)


def _show_part(row: FormRow | None) -> str:
    return MISSING if row is None else _phrase_part(row.tu_so, row.mau_so) + _add_unknown(row)


def _phrase_part(numerator: float | None, denominator: float | None) -> str:
    if numerator is None or denominator is None:
        return MISSING
    percent = format_percent(numerator, denominator)
    if percent is None:
        return NO_CASE
    return f"{format_number(numerator)}/{format_number(denominator)} hồ sơ, đạt {percent}%"


def _show_rate(row: FormRow | None) -> str:
    if row is None or row.tu_so is None or row.mau_so is None:
        return MISSING
    percent = format_percent(row.tu_so, row.mau_so)
    return NO_CASE if percent is None else f"đạt {percent}%"


def _build_forms(
    rows: Sequence[FormRow], titles: Mapping[str, str], policy: PolicyNote, policy_forms: frozenset[str]
) -> tuple[BieuMau, ...]:
    forms = []
    for form, title in titles.items():
        printed = tuple(_print_row(row) for row in rows if row.bieu == form)
        if printed:
            note = f"Cách tính: {policy.ma} – {policy.dien_giai}" if form in policy_forms else ""
            forms.append(BieuMau(so=form, ten=title, hang=printed, cach_tinh=note))
    return tuple(forms)


def _print_row(row: FormRow) -> HangBieu:
    cell = show_row(row)
    return HangBieu(
        stt_in="" if row.an_stt else f"{row.stt}.",
        chi_tieu=row.chi_tieu,
        chu_thich=_YTD_NOTE if row.luy_ke else "",
        # A list of codes ("Không = 0; Có = 1") prints one code a line, as on the city's form.
        don_vi_tinh=row.don_vi_tinh.replace("; ", "\n"),
        so_lieu_in=cell.so_lieu_in,
        # Seven digits over seven do not fit the column: let the line break at the stroke.
        ghi_chu=cell.ghi_chu.replace("/", " / ") if len(cell.ghi_chu) > _NOTE_WIDTH else cell.ghi_chu,
        la_tieu_de=row.loai == "header",
        in_nghieng=row.in_nghieng,
    )


def _build_properties(unit: DonVi, period: ReportPeriod, policy: PolicyNote, marks: ReportMarks) -> ThuocTinh:
    words = [f"ky={period.khoa}", f"ngay_chot={period.ngay_chot.isoformat()}", f"chinh_sach={policy.ma}"]
    if marks.so and marks.ngay:
        words += [f"so={marks.so}", f"ngay={marks.ngay.isoformat()}"]
    if marks.phien_ban_du_lieu:
        words.append(f"phien_ban_du_lieu={marks.phien_ban_du_lieu}")
    if marks.la_so_lieu_mau:
        words.append("SỐ LIỆU MẪU")
    if marks.la_du_thao:
        words.append("DỰ THẢO")
    return ThuocTinh(
        tieu_de=f"Báo cáo kết quả cải cách hành chính {period.ten}",
        chu_de=(f"Số liệu từ {format_date(period.tu_ngay)} đến {format_date(period.ngay_chot)}, cách tính {policy.ma}"),
        tu_khoa="; ".join(words),
        tac_gia=unit.ten_day_du,
        ngay=period.ngay_chot,
    )

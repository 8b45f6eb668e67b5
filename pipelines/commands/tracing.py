"""``cchc trace``: the dossiers, procedures, petitions or declarations behind one printed row, or one dossier's rows.

Belongs here: which rows stand behind which kind of form row. Does not belong here: the predicates (they come with the
published version in out.dinh_nghia, the very ones that counted).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assets.io.home import Home
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.published import Chosen, Rows, ask
from schemas.rules.counting import find_policy
from schemas.rules.text import normalise_code
from schemas.wording import say_code, say_column

_PLACE = "g.ten_tep, t._sheet as trang, t._row as dong"
_COLUMNS = {
    "mart.ho_so_lop": (
        "t.ma_ho_so, t.ma_tthc, t.ten_tthc, t.linh_vuc, t.don_vi, t.kenh, t.muc_do, t.ngay_tiep_nhan, t.ngay_hen_tra,"
        f" t.ket_cuc, t.ngay_ket_cuc, t.han, t.tam_dung, t.tien_thu_trong_ky as tien_thu, {_PLACE}"
    ),
    "mart.thu_tuc_ky": f"t.ma_tthc, t.ma_day_du, t.ten_tthc, t.linh_vuc, t.cap_thuc_hien, t.muc_do, {_PLACE}",
    "mart.pakn_ky": f"t.ma_pakn, t.ngay_tiep_nhan, t.han_xu_ly, t.ngay_xu_ly_xong, t.hai_long, {_PLACE}",
}
_ORDER = {"mart.ho_so_lop": "t.ma_ho_so", "mart.thu_tuc_ky": "t.ma_tthc", "mart.pakn_ky": "t.ma_pakn"}


@dataclass(frozen=True, slots=True)
class Traced:
    """What stands behind a row: a sentence for people, and the rows."""

    cau: str
    cot: list[str]
    dong: list[tuple[Any, ...]]

    def put_in_words(self) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Titles and rows for people: words in the place of codes."""
        rows = [tuple(say_code(name, value) for name, value in zip(self.cot, row, strict=True)) for row in self.dong]
        return [say_column(name) for name in self.cot], rows


def split_row_id(text: str) -> tuple[str, str]:
    """``BM3.2.1.1`` → ("3", "2.1.1"); ``II.2.3.1`` → ("II.2", "3.1").

    Raises:
        CommandError: not a row id.
    """
    name = text.strip().rstrip(".")
    if name.upper().startswith("II.2."):
        return "II.2", name[5:]
    if name.upper().startswith("BM") and "." in name:
        bieu, _, stt = name[2:].partition(".")
        return bieu, stt
    raise CommandError(
        f"“{text}” không phải mã dòng. Ví dụ: BM3.2.1.1 (Biểu mẫu 3, dòng 2.1.1) hoặc II.2.3.1 (lời văn, phần II.2).",
        Exit.USAGE,
    )


def trace(home: Home, chosen: Chosen, row: str) -> Traced:
    """List what stands behind one row.

    Raises:
        CommandError: no such row, a heading, or a row that has no breakdown by unit.
    """
    bieu, stt = split_row_id(row)
    _, found = ask(
        home,
        "select loai, chi_tieu, hien_thi, ghi_chu, ma_chi_tieu, tu_so_ma, mau_so_ma from out.bieu_mau"
        " where ky = $ky and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach"
        " and don_vi is not distinct from $don_vi and bieu = $bieu and stt = $stt",
        {**chosen.parameters, "bieu": bieu, "stt": stt},
    )
    if not found:
        raise CommandError(f"Biểu {bieu} không có dòng {stt}. Xem các dòng bằng: cchc values.", Exit.USAGE)
    kind, label, shown, note, indicator, numerator, denominator = found[0]
    policy = find_policy(chosen.chinh_sach)
    head = (
        f"{row}: {label} = {shown or f'(trống) {note}'}; chốt {chosen.ngay_chot:%d/%m/%Y}, cách tính"
        f" {policy.chinh_sach} ({policy.ten})"
    )
    if kind == "header":
        raise CommandError(f"{row} là dòng tiêu đề nhóm, không có số. Hãy chọn một dòng có số liệu.", Exit.USAGE)
    if kind == "counted":
        names, rows = _rows_behind(home, chosen, indicator)
    elif kind == "ratio":
        names, rows = _rows_behind_ratio(home, chosen, bieu, numerator, denominator)
    else:
        names, rows = _declared_behind(home, chosen, bieu, stt)
    return Traced(head, names, rows)


def is_row_id(text: str) -> bool:
    """Whether a text has the form of a row's id; a dossier's code has not."""
    return text.strip().upper().startswith(("BM", "II.2."))


def trace_dossier(home: Home, code: str) -> Traced:
    """List every row of one dossier, by the code of any system that knows it; the leading one first.

    Raises:
        CommandError: no list holds that code.
    """
    names, rows = ask(
        home,
        "select t.ma_ho_so, t.ma_trong_he_thong, t.he_thong, t._superseded_by is null as dan_dau, t.cung_cap,"
        " t.trang_thai, t.ngay_tiep_nhan, t.ngay_hen_tra, t.ket_cuc, t.ngay_ket_cuc, t.ngay_xuat,"
        f" {_PLACE} from core.ho_so_ban as t left join core.giao_nop as g on t._file_sha256 = g._file_sha256"
        " where t.ma_ho_so in (select b.ma_ho_so from core.ho_so_ban as b"
        " where b.ma_ho_so = $ma or b.ma_trong_he_thong = $ma)"
        " order by dan_dau desc, t.he_thong, t.ngay_xuat desc, g.ten_tep, t._row",
        {"ma": normalise_code(code)},
    )
    if not rows:
        raise CommandError(
            f"“{code}” không phải mã dòng (BM3.2.1.1, II.2.3.1) và không danh sách nào đã nộp có mã hồ sơ này.",
            Exit.USAGE,
        )
    return Traced(f"Hồ sơ {rows[0][0]}: các dòng ở mọi hệ thống", names, rows)


def _rows_behind(home: Home, chosen: Chosen, indicator: str) -> Rows:
    _, found = ask(home, "select bang, lenh_dong, phep from out.dinh_nghia where ma_chi_tieu = $ma", {"ma": indicator})
    table, select, operation = found[0]
    if chosen.don_vi is not None and table == "mart.pakn_ky":  # a petition names no unit: the cell is empty
        raise CommandError("Dòng này không tách được theo đơn vị. Hãy bỏ --unit.", Exit.USAGE)
    if chosen.don_vi is not None and table == "mart.ho_so_lop":
        select = select.replace("where ", "where don_vi = $don_vi and ", 1)
    if operation == "dem_khac_nhau":
        return ask(home, select, chosen.parameters)
    sql = (
        f"select {_COLUMNS[table]} from ({select}) as t left join core.giao_nop as g"
        f" on t._file_sha256 = g._file_sha256 order by {_ORDER[table]}"
    )
    return ask(home, sql, chosen.parameters)


def _resolve(home: Home, chosen: Chosen, bieu: str, term: str) -> str | None:
    """The indicator behind a ratio's term; None when the term is declared."""
    if not term[0].isdigit():
        return term
    _, found = ask(
        home,
        "select any_value(ma_chi_tieu) from out.bieu_mau where ky = $ky and ngay_chot = $ngay_chot"
        " and chinh_sach = $chinh_sach and bieu = $bieu and stt = $stt",
        {**chosen.parameters, "bieu": bieu, "stt": term},
    )
    return found[0][0] if found else None


def _rows_behind_ratio(home: Home, chosen: Chosen, bieu: str, numerator: str, denominator: str) -> Rows:
    """The rows of the denominator; the first column says which of them stand in the numerator too."""
    above, below = (_resolve(home, chosen, bieu, term) for term in (numerator, denominator))
    if above is None or below is None:
        return _declared_behind(home, chosen, bieu, numerator, denominator)
    names, counted = _rows_behind(home, chosen, above)
    base_names, base = _rows_behind(home, chosen, below)
    inside = {row[0] for row in counted}
    assert names[0] == base_names[0], "both terms of a ratio count the same kind of thing"
    return ["trong_tu_so", *base_names], [(row[0] in inside, *row) for row in base]


def _declared_behind(home: Home, chosen: Chosen, bieu: str, *rows: str) -> Rows:
    """The declarations behind a row (of a sum: of its parts)."""
    prefixes = [f"{stt}.%" for stt in rows]
    return ask(
        home,
        "select 'BM' || t.bieu || '.' || t.stt as dong_bieu, t.gia_tri, t.nguoi_khai, t.ngay_khai, t.can_cu,"
        f" {_PLACE} from core.nhap_tay as t left join core.giao_nop as g on t._file_sha256 = g._file_sha256"
        " where t.ky = $ky and t.bieu = $bieu and (list_contains($dong, t.stt)"
        " or len(list_filter($duoi, lambda mau: t.stt like mau)) > 0) order by t.stt",
        {**chosen.parameters, "bieu": bieu, "dong": list(rows), "duoi": prefixes},
    )

"""The one typed context of the report: every text that the Word template prints, and nothing that it does not.

Belongs here: frozen models of the finished document (strings as they are printed), the ids of its sections, and the
list of placeholders that a template may and must use. Does not belong here: how the values come from the rows of
``out.bieu_mau`` (``document_build``), how the template is filled (``assets/io/word``), layout (the template).

The text and the annex share this context, so they cannot disagree. Format: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MISSING = "…"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")  # what XML 1.0 cannot hold; keeps \t and \n


def clean_text(value: object) -> object:
    """Make a typed text safe to print: NFC, no control characters, no tab; line breaks stay.

    A control character would make Word refuse the file, and docxtpl gives tab and bell a meaning of its own.
    """
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return _CONTROL.sub("", plain)


Text = Annotated[str, BeforeValidator(clean_text)]


def _clean_recipient(value: object) -> object:
    """Drop the list marks of a recipient ("- Sở Nội vụ;"): the template prints them."""
    cleaned = clean_text(value)
    return cleaned.strip().lstrip("-–").rstrip(";.").strip() if isinstance(cleaned, str) else cleaned


class _Printed(BaseModel):
    """Base of all models here: immutable, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DonVi(_Printed):
    """The unit that reports; comes from its settings. A line break in a name is one in the letterhead."""

    co_quan_chu_quan: Text = Field("", description="cơ quan chủ quản trực tiếp; để trống với UBND")
    ten_co_quan: Text = Field(description="tên in ở góc trái trên: “ỦY BAN NHÂN DÂN”, xuống dòng, “PHƯỜNG …”")
    ten_day_du: Text = Field(description="“Ủy ban nhân dân phường …”")
    ten_ngan: Text = Field(description="“UBND phường …”", json_schema_extra={"on_paper": "optional"})
    dia_danh: Text = Field(description="địa danh trước ngày ký")
    ky_hieu: Text = Field("BC-UBND", description="phần sau số của ký hiệu văn bản")
    noi_nhan: tuple[Annotated[str, BeforeValidator(_clean_recipient)], ...] = Field(
        description="mỗi phần tử một dòng, gồm cả dòng Lưu"
    )
    tham_quyen_ky: Text = Field("TM. ỦY BAN NHÂN DÂN", description="dòng thẩm quyền ký")
    chuc_vu_ky: Text = Field("CHỦ TỊCH", description="chức vụ người ký")
    nguoi_ky: Text = Field("", description="tên người ký; để trống thì văn thư điền")


class VanBan(_Printed):
    """Number and date of the report: one record, printed by the report and by the annex alike."""

    so: Text
    ngay_dai: Text
    ngay_ngan: Text


class KyBaoCao(_Printed):
    """The period and its cut-off, as printed."""

    ten: Text
    ten_ky_toi: Text
    tu_ngay: Text
    ngay_chot: Text


class SoLieuTthc(_Printed):
    """The numbers of part II.2 of the text, formatted. An absent one is "…" ("chưa có số liệu").

    Fields without a word about it are plain counts; the unit stands in the template.
    """

    tong_tthc: Text
    tthc_cap_tinh: Text
    tthc_cap_xa: Text
    tthc_ca_hai_cap: Text
    tthc_khong_thuoc: Text
    tiep_nhan: Text
    tiep_nhan_truc_tuyen: Text
    ty_le_truc_tuyen: Text = Field(description="“chiếm tỷ lệ 51,9%” hoặc “không phát sinh”")
    tiep_nhan_truc_tiep: Text
    tiep_nhan_buu_chinh: Text
    ky_truoc_chuyen_qua: Text
    da_giai_quyet: Text
    truoc_han: Text
    dung_han: Text
    qua_han: Text
    tu_choi: Text
    rut: Text
    dang_giai_quyet: Text
    trong_han: Text
    tam_dung: Text
    qua_han_dang_giai_quyet: Text
    so_hoa_thanh_phan: Text = Field(description="“9.275/9.275 hồ sơ, đạt 100%” hoặc “không phát sinh”")
    so_hoa_ket_qua: Text = Field(description="như so_hoa_thanh_phan")
    so_hoa_ca_hai: Text = Field(description="như so_hoa_thanh_phan")
    ho_so_phat_sinh_phi: Text
    tien_thu: Text = Field(description="“84.605.000đ”")
    thanh_toan_truc_tuyen: Text = Field(description="như so_hoa_thanh_phan")
    pakn_tiep_nhan: Text
    pakn_da_giai_quyet: Text
    pakn_hai_long: Text = Field(description="“đạt 100%” hoặc “không phát sinh”")
    nganh_doc: Text


class DoanVan(_Printed):
    """The officer's paragraphs, one field per section of the report; the title is the heading's.

    A numbered section without a paragraph holds one "…", so that nobody sends a heading over nothing unseen.
    """

    mo_dau: tuple[Text, ...] = Field((), title="Mở đầu: căn cứ, câu dẫn")
    i_1: tuple[Text, ...] = Field((MISSING,), title="Ban hành văn bản chỉ đạo, điều hành")
    i_2: tuple[Text, ...] = Field((MISSING,), title="Đánh giá tiến độ thực hiện Kế hoạch cải cách hành chính")
    i_3: tuple[Text, ...] = Field((MISSING,), title="Công tác kiểm tra cải cách hành chính")
    i_4: tuple[Text, ...] = Field((MISSING,), title="Công tác thông tin, tuyên truyền cải cách hành chính")
    i_5: tuple[Text, ...] = Field((MISSING,), title="Thực hiện nhiệm vụ được cấp trên giao")
    ii_1: tuple[Text, ...] = Field((MISSING,), title="Cải cách thể chế")
    ii_2: tuple[Text, ...] = Field((), title="Cải cách thủ tục hành chính")
    ii_3: tuple[Text, ...] = Field((MISSING,), title="Cải cách tổ chức bộ máy hành chính nhà nước")
    ii_4: tuple[Text, ...] = Field((MISSING,), title="Cải cách chế độ công vụ")
    ii_5: tuple[Text, ...] = Field((MISSING,), title="Cải cách tài chính công")
    ii_6: tuple[Text, ...] = Field((MISSING,), title="Xây dựng và phát triển chính quyền điện tử, chính quyền số")
    iii_1: tuple[Text, ...] = Field((MISSING,), title="Mặt tích cực")
    iii_2: tuple[Text, ...] = Field((MISSING,), title="Tồn tại, hạn chế, khó khăn")
    iv_1: tuple[Text, ...] = Field((MISSING,), title="Công tác chỉ đạo, điều hành")
    iv_2: tuple[Text, ...] = Field((MISSING,), title="Cải cách thể chế")
    iv_3: tuple[Text, ...] = Field((MISSING,), title="Cải cách thủ tục hành chính")
    iv_4: tuple[Text, ...] = Field((MISSING,), title="Cải cách tổ chức bộ máy hành chính nhà nước")
    iv_5: tuple[Text, ...] = Field((MISSING,), title="Cải cách chế độ công vụ")
    iv_6: tuple[Text, ...] = Field((MISSING,), title="Cải cách tài chính công")
    iv_7: tuple[Text, ...] = Field((MISSING,), title="Xây dựng và phát triển chính quyền điện tử, chính quyền số")
    ket: tuple[Text, ...] = Field((), title="Kết: đề xuất, kiến nghị, câu kết")


class HangBieu(_Printed):
    """One printed row of a form."""

    stt_in: Text = Field(description="“2.1.1.”; trống ở dòng không in STT")
    chi_tieu: Text
    chu_thich: Text = Field("", description="in nghiêng sau chỉ tiêu, có dấu cách ở đầu")
    don_vi_tinh: Text
    so_lieu_in: Text
    ghi_chu: Text
    la_tieu_de: bool = Field(False, description="dòng nhóm, in đậm, không có số liệu")
    in_nghieng: bool = Field(False, description="dòng thành phần của một tỷ lệ")


class BieuMau(_Printed):
    """One form of Phụ lục 3."""

    so: Text = Field(description="“1”…“7”")
    ten: Text
    hang: tuple[HangBieu, ...]
    cach_tinh: Text = Field("", description="cách tính in dưới biểu; trống thì không in")


class ThuocTinh(_Printed):
    """What goes into the properties of the files and not on the paper."""

    tieu_de: Text
    chu_de: Text
    tu_khoa: Text
    tac_gia: Text
    ngay: date = Field(description="ngày chốt: ngày tạo tệp, thay cho đồng hồ")


class BaoCao(_Printed):
    """The whole report: text and annex."""

    don_vi: DonVi
    van_ban: VanBan
    ky: KyBaoCao
    la_so_lieu_mau: bool = Field(False, description="đánh dấu “SỐ LIỆU MẪU” trên mọi trang")
    la_du_thao: bool = Field(False, description="đánh dấu “DỰ THẢO” trên mọi trang")
    so_lieu_den_ngay: Text = Field("", description="ngày của số liệu mới nhất nếu trước ngày chốt; trống thì không in")
    doan: DoanVan
    tthc: SoLieuTthc
    bieu_mau: tuple[BieuMau, ...]
    thuoc_tinh: ThuocTinh = Field(json_schema_extra={"on_paper": False})


SECTIONS: dict[str, str] = {name: str(info.title) for name, info in DoanVan.model_fields.items()}
"""Field of :class:`DoanVan` -> heading, in the order of the report."""

NUMBERED_SECTIONS = tuple(name for name, info in DoanVan.model_fields.items() if info.default == (MISSING,))
"""Those that print "…" while nobody wrote them."""

_SECTION_ALIASES = {
    **dict.fromkeys(("0", "can_cu", "căn_cứ", "mở_đầu"), "mo_dau"),
    **dict.fromkeys(("ket_luan", "kết", "kết_luận"), "ket"),
}


def find_section(muc: str) -> str | None:
    """Turn what an officer types in the column "Mục" into a field of :class:`DoanVan`.

    Args:
        muc: "I.1", "II.2.", "iv 7", "mo_dau", "Mở đầu", "Kết" …

    Returns:
        The field name ("i_1"), or None when the report has no such section (the caller makes it a finding).
    """
    key = re.sub(r"[\s._-]+", "_", unicodedata.normalize("NFC", muc).strip().lower()).strip("_")
    key = _SECTION_ALIASES.get(key, key)
    return key if key in SECTIONS else None


def section_code(section: str) -> str:
    """Write a section the way people see it: "i_1" -> "I.1", "mo_dau" -> "mo_dau".

    Raises:
        KeyError: no such section.
    """
    if section not in SECTIONS:
        raise KeyError(section)
    roman, _, number = section.partition("_")
    return f"{roman.upper()}.{number}" if number.isdigit() else section


def list_fields(model: type[BaseModel] = BaoCao, required: bool = False) -> frozenset[str]:
    """List the dotted names that a template of the report may use.

    Args:
        model: where to start; the whole report by default.
        required: only the names that a template must use, or a part of the report is missing.

    Returns:
        Leaves only, lists without an index: ``"ky.ten"``, ``"bieu_mau.hang.stt_in"``, ``"doan.i_1"``.
    """
    names: set[str] = set()
    for name, info in model.model_fields.items():
        extra: Any = info.json_schema_extra
        on_paper = extra.get("on_paper", True) if isinstance(extra, dict) else True
        if on_paper is False or (required and on_paper == "optional"):
            continue
        inner = _find_model(info.annotation)
        names |= {f"{name}.{leaf}" for leaf in list_fields(inner, required)} if inner else {name}
    return frozenset(names)


def _find_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside ``X`` or ``tuple[X, ...]``, None for a plain value."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None

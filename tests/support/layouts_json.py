"""Writers of the lists in JSON: the national sync, OpenCPS, VNPT iGate.

Belongs here: envelopes, keys, nested lists with the people and links that must not pass the gate. Not here: tables
(layouts_tables), the dossiers (layouts).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.layouts import OFFICE, PERSON, PHONE, Dossier
from tests.support.layouts_tables import STATUS_WORDS, opencps_rows

LINK = f"https://example.invalid/{PERSON}.pdf"


def write_json(path: Path, document: object) -> Path:
    """Write a document as UTF-8."""
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def _stamp(moment: datetime | None) -> str:
    return f"{moment:%Y%m%d%H%M%S}" if moment else ""


def _supplements(dossier: Dossier) -> list[dict[str, Any]]:
    """One entry per request; each waits one day and the last one's new due date is the dossier's."""
    asked = dossier.received + timedelta(hours=2)
    return [
        {
            "HoSoBoSungId": str(number),
            "NoiDung": PERSON,
            "NgayBoSung": _stamp(asked),
            "NgayTiepNhanBoSung": _stamp(asked + timedelta(days=1)),
            "TrangThaiBoSung": "1",
            "NgayHenTraTruoc": _stamp(dossier.due),
            "NgayHenTraMoi": _stamp(dossier.received + timedelta(days=6 + number)),
        }
        for number in range(1, dossier.supplements + 1)
    ]


def dvcqg_document(dossiers: Sequence[Dossier]) -> dict[str, Any]:
    """The envelope of DongBoHoSoMC."""
    return {
        "session": "s",
        "madonvi": "000.00.01.H24",
        "service": "DongBoHoSoMC",
        "isUpdating": "false",
        "data": [
            {
                "MaHoSo": d.code, "MaTTHC": d.procedure, "TenTTHC": d.name, "MaLinhVuc": "L", "TenLinhVuc": d.field,
                "KenhThucHien": str(d.channel), "ChuHoSo": PERSON, "LoaiDoiTuong": "1", "MaDoiTuong": "001",
                "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "001"}], "Email": "", "Fax": "",
                "SoDienThoai": PHONE,
                "TrichYeuHoSo": PERSON, "GhiChu": PERSON, "NgayNopHoSo": _stamp(d.submitted),
                "NgayTiepNhan": _stamp(d.received), "NgayHenTra": _stamp(d.due), "NgayKetThucXuLy": _stamp(d.ended),
                "NgayTra": _stamp(d.returned), "NgayTuChoi": "", "TrangThaiHoSo": str(d.status), "ThongTinTra": PERSON,
                "HinhThuc": "0", "DonViXuLy": OFFICE, "NoiNopHoSo": "1", "HoSoCoThanhPhanSoHoa": "0",
                "TaiKhoanDuocXacThucVoiVNeID": "1", "DuocThanhToanTrucTuyen": str(d.paid_online), "UrlDetail": LINK,
                "DSKetNoiCSDL": [{"MaCSDL": "1"}],
                "TaiLieuNop": [
                    {"TepDinhKemId": "1", "TenTepDinhKem": PERSON, "IsDeleted": "1", "DuocSoHoa": "1"},
                    {"TepDinhKemId": "2", "TenTepDinhKem": PERSON, "IsDeleted": "0", "DuongDanTaiTepTin": LINK,
                     "DuocSoHoa": "1" if d.has_components else "0"},
                ],
                "DanhSachLePhi": [
                    {"TenPhiLePhi": "Phí", "HinhThucThu": "1", "Gia": str(d.fee), "LoaiPhiLePhi": "1"},
                    {"TenPhiLePhi": "Lệ phí", "HinhThucThu": "1", "Gia": str(d.charge), "LoaiPhiLePhi": "2"},
                ],
                "DanhSachTepDinhKemKhac": [{"TenGiayTo": PERSON}],
                "DanhSachHoSoBoSung": _supplements(d),
                "DanhSachGiayToKetQua": [
                    {"TenGiayTo": PERSON, "GiayToId": "1", "MaGiayToKetQua": "KQ1",
                     "DuongDanTepTinKetQua": LINK if d.has_result else ""}
                ],
            }
            for d in dossiers
        ],
    }  # fmt: skip


def opencps_document(dossiers: Sequence[Dossier]) -> dict[str, Any]:
    """OpenCPS as JSON: flags are booleans, dates epoch milliseconds (local time is UTC+7)."""
    titles, *rows = opencps_rows(dossiers)
    records = [dict(zip(map(str, titles), row, strict=True)) for row in rows]
    for record, d in zip(records, dossiers, strict=True):
        record["online"] = d.channel == 2
        record["receiveDate"] = int((d.received - datetime(1970, 1, 1, 7)).total_seconds() * 1000)  # noqa: DTZ001
        record["applicantName"] = PERSON
    return {"total": len(records), "data": records}


def igate_document(dossiers: Sequence[Dossier]) -> dict[str, Any]:
    """A page of iGate: three date formats in one file, no finish date."""

    def write(moment: datetime, number: int) -> str:
        zoned = f"{moment - timedelta(hours=7):%Y-%m-%dT%H:%M:%S.000+0000}"
        return (f"{moment:%d/%m/%Y %H:%M}", zoned, f"{moment:%Y-%m-%d %H:%M:%S}")[number % 3]

    return {
        "content": [
            {
                "dossierId": f"id{number}",
                "dossierNo": d.code,
                "procedureName": d.name,
                "sectorName": d.field,
                "dossierStatusName": STATUS_WORDS[d.status],
                "acceptedDate": write(d.received, number),
                "appointmentDate": write(d.due, number),
                "lastModifiedDate": write(d.received, number),
                "overDueByUser": "Quá hạn 2 ngày",
                "applicant": {"fullname": PERSON},
            }
            for number, d in enumerate(dossiers)
        ],
        "totalElements": len(dossiers),
        "pageable": {"sort": {"sorted": True}},
    }

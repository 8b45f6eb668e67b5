"""The out assets: values, documents, and the published version.

Belongs here: the asset definitions of layer out. Does not belong here: how a value or document is made (the modules
beside), what they mean (schemas).
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import polars as pl

from assets.contracts import check_frames, contract_spec
from assets.core.state import find_newest_extract
from assets.io.home import Home
from assets.io.landing import purge_originals, read_passports, write_parquet
from assets.mart.due_dates import DUE_DATES
from assets.mart.states import STATE_TABLES
from assets.out.documents import HOME_TABLES, RUN_TABLES, ReportSource, work_folder, write_documents
from assets.out.period import compute_values
from assets.out.provenance import hash_inputs
from assets.out.publish import publish
from assets.out.values import list_definitions
from assets.periods import PERIODS
from assets.raw.pull_state import list_pulls
from assets.request import ReportRequest
from schemas.registry import find_table
from schemas.rules.reference import ReferenceFacts
from schemas.unit import UnitSettings

_DEFINITIONS = "out.dinh_nghia"
_VALUES = (*RUN_TABLES, "out.bien_dong")


def _key(full_name: str) -> dg.AssetKey:
    return dg.AssetKey(full_name.split("."))


@dg.multi_asset(
    name="so_lieu",
    group_name="out",
    partitions_def=PERIODS,
    specs=[
        dg.AssetSpec(
            ["out", "chi_tieu"],
            deps=[*(_key(name) for name in (*STATE_TABLES, "mart.chinh_sach")), _key("core.giao_nop")],
            description="Giá trị mọi chỉ tiêu đếm, theo đơn vị, lĩnh vực, thủ tục, kênh, dưới mọi chính sách.",
        ),
        dg.AssetSpec(
            ["out", "bieu_mau"],
            deps=[_key("out.chi_tieu"), _key("core.nhap_tay")],
            description="Bảy biểu mẫu và các số của phần II.2, từng dòng.",
        ),
        dg.AssetSpec(
            ["out", "doi_chieu"],
            deps=[_key("out.chi_tieu"), _key("out.bieu_mau"), _key(DUE_DATES), _key("core.tong_hop")],
            description="Kết quả mọi phép đối chiếu.",
        ),
        dg.AssetSpec(
            ["out", "phat_hien_ky"],
            deps=[
                *(
                    _key(name)
                    for name in ("out.bieu_mau", "core.doan_van", "core.van_ban", "core.giao_nop", "core.tong_hop")
                ),
                _key("mart.doi_soat_he_thong"),
                _key(DUE_DATES),
            ],
            description="Phát hiện chỉ có khi lập kỳ: ô chưa khai, ô chèn lạ, nguồn thiếu, số liệu cũ.",
        ),
        dg.AssetSpec(
            ["out", "loi_chan"],
            deps=[_key("out.doi_chieu"), _key("out.phat_hien_ky"), _key("core.phat_hien")],
            description="Lỗi mức E của kỳ: còn chặn (báo cáo là dự thảo) hay đã có người chấp nhận.",
        ),
        dg.AssetSpec(
            ["out", "bien_dong"],
            deps=[_key("out.bieu_mau")],
            description="Dòng đổi số so với bản công bố trước của cùng kỳ, cùng ngày chốt.",
        ),
        dg.AssetSpec(_DEFINITIONS.split("."), description="Định nghĩa chỉ tiêu và câu lệnh liệt kê dòng."),
    ],
    check_specs=[contract_spec(name) for name in (*_VALUES, _DEFINITIONS)],
)
def count_values(
    home: dg.ResourceParam[Home],
    don_vi: dg.ResourceParam[UnitSettings],
    yeu_cau: dg.ResourceParam[ReportRequest],
    tham_chieu: dg.ResourceParam[ReferenceFacts],
) -> Iterator[dg.MaterializeResult[None]]:
    """Compute and keep the values of the period."""
    frames = compute_values(home, don_vi, yeu_cau, tham_chieu) | {_DEFINITIONS: list_definitions()}
    results, sound = check_frames(frames)
    for (name, frame), result in zip(frames.items(), results, strict=True):
        if sound:
            partitioned = name != _DEFINITIONS
            write_parquet(frame, home.partition(name, yeu_cau.partition) if partitioned else home.table(name))
        yield dg.MaterializeResult(
            asset_key=_key(name), metadata={"dagster/row_count": frame.height}, check_results=[result]
        )


_DOCUMENTS = {
    "bao_cao": (
        "Báo cáo (Word) theo Nghị định 30/2020/NĐ-CP, kèm Phụ lục 3.",
        ["out.bieu_mau", "core.doan_van", "core.van_ban", "out.loi_chan"],
    ),
    "phu_luc_3": ("Phụ lục 3 (Excel): bảy biểu mẫu, cùng số với báo cáo.", ["out.bieu_mau"]),
    "so_phat_hien": (
        "phat-hien.xlsx: phát hiện trả lại nơi gửi.",
        ["core.da_rut", "core.phat_hien", "mart.doi_soat_he_thong", "out.phat_hien_ky"],
    ),
    "so_doi_chieu": ("doi-chieu.xlsx: kết quả đối chiếu, ai chấp nhận.", ["out.doi_chieu", "out.loi_chan"]),
    "ho_chieu": ("provenance.json: hộ chiếu của từng con số.", ["out.bieu_mau", "core.giao_nop"]),
}


@dg.multi_asset(
    name="tai_lieu",
    group_name="out",
    partitions_def=PERIODS,
    specs=[
        dg.AssetSpec(["out", name], deps=[_key(dep) for dep in deps], description=text)
        for name, (text, deps) in _DOCUMENTS.items()
    ],
)
def write_report_documents(
    home: dg.ResourceParam[Home],
    don_vi: dg.ResourceParam[UnitSettings],
    yeu_cau: dg.ResourceParam[ReportRequest],
    mau_bao_cao: dg.ResourceParam[Path],
) -> Iterator[dg.MaterializeResult[None]]:
    """Write the documents of the period into the work folder; publishing takes them from there."""
    passports = read_passports(home)
    tables = {name: pl.read_parquet(home.partition(name, yeu_cau.partition)) for name in RUN_TABLES}
    tables |= {name: pl.read_parquet(home.table(name)) for name in HOME_TABLES}
    source = ReportSource(
        tables,
        find_newest_extract(passports),
        hash_inputs(passports, don_vi),
        pulls=list_pulls(home, don_vi.ket_noi),
    )
    written = write_documents(yeu_cau, don_vi, source, mau_bao_cao, work_folder(home, yeu_cau))
    for name, path in written.items():
        yield dg.MaterializeResult(asset_key=dg.AssetKey(["out", name]), metadata={"path": dg.MetadataValue.path(path)})


@dg.asset(
    key=["out", "cong_bo"],
    group_name="out",
    partitions_def=PERIODS,
    deps=[
        *(dg.AssetKey(["out", name]) for name in _DOCUMENTS),
        *(_key(name) for name in (*_VALUES, _DEFINITIONS, "core.phat_hien", "core.giao_nop")),
    ],
    description="Phiên bản công bố: cơ sở dữ liệu chỉ đọc và thư mục báo cáo, đổi bằng một lần đặt tên.",
)
def publish_version(
    home: dg.ResourceParam[Home],
    don_vi: dg.ResourceParam[UnitSettings],
    yeu_cau: dg.ResourceParam[ReportRequest],
) -> dg.MaterializeResult[None]:
    """Publish this run."""
    passports = read_passports(home)
    kept_until = yeu_cau.thoi_diem - timedelta(days=don_vi.quy_tac.giu_ban_goc_ngay)
    purged = purge_originals(home, kept_until)
    done = publish(
        home,
        yeu_cau,
        hash_inputs(passports, don_vi),
        find_newest_extract(passports),
        don_vi.quy_tac.giu_phien_ban,
    )
    return dg.MaterializeResult(
        metadata={
            "phien_ban": done.version,
            "path": dg.MetadataValue.path(done.folder),
            "tai_lieu": done.documents,
            "ban_goc_het_han_da_xoa": len(purged),
            "dagster/row_count": done.rows[find_table("out.bieu_mau").full_name],
        }
    )

"""What a run is given: the home (locked while the run lives), the unit, the template, the request.

Belongs here: Dagster resources. Does not belong here: what assets do with them, defaults of a request (requests).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg

from assets.io.home import Home, hold_lock
from assets.request import ReportRequest
from pipelines.clock import now
from pipelines.killed_runs import close_killed_run
from pipelines.requests import make_request
from pipelines.settings import Settings
from schemas.rules.reference import ReferenceFacts
from schemas.sources import load_sources
from schemas.unit import UnitSettings

REQUEST_KEY = "yeu_cau"
_PARTITION_TAG = "dagster/partition"

_REQUEST_CONFIG = {
    "ngay_chot": dg.Field(str, default_value="", description="YYYY-MM-DD; trống: hết kỳ hoặc hôm qua"),
    "chinh_sach": dg.Field(str, default_value="", description="II06A, QD766, CHAT; trống: theo cài đặt đơn vị"),
    "chinh_thuc": dg.Field(str, default_value="", description="co, khong; trống: theo quy tắc của lệnh cchc run"),
    "pdf": dg.Field(bool, default_value=False, description="ghi thêm bản PDF"),
    "lay_tep": dg.Field(bool, default_value=True, description="lấy tệp qua các kết nối đang bật trước khi nạp"),
    "tu_dong": dg.Field(bool, default_value=False, description="lịch hoặc cảm biến khởi động"),
    "nguoi_chay": dg.Field(str, default_value="", description="ai chạy; trống: tài khoản đăng nhập"),
}


def build_resources(settings: Settings) -> dict[str, dg.ResourceDefinition]:
    """Every resource the assets name, for one installation."""

    @dg.resource(description="Thư mục nhà; được khóa trong suốt lần chạy.")
    def home(context: dg.InitResourceContext) -> Iterator[Home]:
        place = settings.place
        place.prepare(tuple(load_sources()))
        run_id = context.run.run_id if context.run else "?"
        with hold_lock(place, run_id, wait=True) as killed:
            if killed and context.instance:
                close_killed_run(context.instance, killed)
            yield place

    @dg.resource(description="Đơn vị lập báo cáo và các quy tắc của đơn vị.")
    def don_vi(_: dg.InitResourceContext) -> UnitSettings:
        return settings.unit

    @dg.resource(description="Lịch nghỉ và mã TTHC thay thế (data/reference).")
    def tham_chieu(_: dg.InitResourceContext) -> ReferenceFacts:
        return settings.facts

    @dg.resource(description="Mẫu Word của báo cáo.")
    def mau_bao_cao(_: dg.InitResourceContext) -> Path:
        return settings.template

    @dg.resource(config_schema=_REQUEST_CONFIG, description="Kỳ, ngày chốt, chính sách của lần chạy.")
    def yeu_cau(context: dg.InitResourceContext) -> ReportRequest:
        assert context.run is not None, "the request belongs to a run"
        asked = context.resource_config
        return make_request(
            settings.place,
            settings.unit,
            ky=context.run.tags[_PARTITION_TAG],
            run_id=context.run.run_id,
            moment=now(),
            ngay_chot=date.fromisoformat(asked["ngay_chot"]) if asked["ngay_chot"] else None,
            chinh_sach=asked["chinh_sach"] or None,
            chinh_thuc={"co": True, "khong": False}.get(asked["chinh_thuc"]),
            pdf=asked["pdf"],
            lay_tep=asked["lay_tep"],
            nguoi_chay=asked["nguoi_chay"],
            tu_dong=asked["tu_dong"],
        )

    return {"home": home, "don_vi": don_vi, "tham_chieu": tham_chieu, "mau_bao_cao": mau_bao_cao, REQUEST_KEY: yeu_cau}


def request_config(request: ReportRequest) -> dict[str, object]:
    """Run config that makes the resource give exactly this request again (but for its run id and moment)."""
    return {
        "resources": {
            REQUEST_KEY: {
                "config": {
                    "ngay_chot": request.ngay_chot.isoformat(),
                    "chinh_sach": request.chinh_sach,
                    "chinh_thuc": "co" if request.chinh_thuc else "khong",
                    "pdf": request.pdf,
                    "lay_tep": request.lay_tep,
                    "nguoi_chay": request.nguoi_chay,
                    "tu_dong": request.tu_dong,
                }
            }
        }
    }

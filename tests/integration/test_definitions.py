"""What Dagster loads, as a server sees it: graph, checks, job, nightly schedule, inbox sensor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.io.home import Home
from pipelines import sensors
from pipelines.definitions import build_definitions
from pipelines.requests import make_request
from pipelines.settings import Settings
from tests.support import homes

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DOSSIER_LISTS = ["raw/dvcqg", "raw/igate", "raw/mot_cua", "raw/opencps", "raw/so_theo_doi"]
CATALOGUES = ["raw/lay_thu_tuc", "raw/tthc", "raw/tthc_cong_moi", "raw/tthc_dvcqg"]
RAW = sorted([*DOSSIER_LISTS, *CATALOGUES, "raw/nhap_tay", "raw/pakn", "raw/thanh_toan", "raw/tong_hop"])
CORE = [
    f"core/{name}"
    for name in (
        *("da_rut", "doan_van", "giao_nop", "ho_so", "ho_so_ban", "nhap_tay"),
        *("pakn", "phat_hien", "thanh_toan", "thu_tuc", "tong_hop", "van_ban"),
    )
]
MART = [
    f"mart/{name}"
    for name in ("chinh_sach", "doi_soat_he_thong", "hen_tra_tinh_lai", "ho_so_ky", "pakn_ky", "thu_tuc_ky")
]
VALUES = [
    f"out/{name}"
    for name in ("bien_dong", "bieu_mau", "chi_tieu", "dinh_nghia", "doi_chieu", "loi_chan", "phat_hien_ky")
]
DOCUMENTS = [f"out/{name}" for name in ("bao_cao", "ho_chieu", "phu_luc_3", "so_doi_chieu", "so_phat_hien")]
CLEANED = [
    "core/doan_van",
    "core/ho_so",
    "core/nhap_tay",
    "core/pakn",
    "core/thanh_toan",
    "core/thu_tuc",
    "core/tong_hop",
    "core/van_ban",
]

DEPS = {
    **{name: [] for name in RAW},
    "core/thu_tuc": CATALOGUES,
    "core/ho_so": ["core/thu_tuc", *DOSSIER_LISTS],
    "core/ho_so_ban": DOSSIER_LISTS,
    "core/thanh_toan": ["core/ho_so", "raw/thanh_toan"],
    "core/pakn": ["raw/pakn"],
    "core/nhap_tay": ["raw/nhap_tay"],
    "core/doan_van": ["raw/nhap_tay"],
    "core/van_ban": ["raw/nhap_tay"],
    "core/tong_hop": ["raw/tong_hop"],
    "core/giao_nop": sorted([*RAW, *CLEANED]),
    "core/da_rut": RAW,
    "core/phat_hien": sorted([*RAW, *CLEANED]),
    "mart/chinh_sach": [],
    "mart/doi_soat_he_thong": ["core/ho_so", "core/ho_so_ban", "core/thanh_toan"],
    "mart/hen_tra_tinh_lai": ["core/thu_tuc", "mart/ho_so_ky"],
    "mart/ho_so_ky": ["core/ho_so", "core/thanh_toan"],
    "mart/pakn_ky": ["core/pakn"],
    "mart/thu_tuc_ky": ["core/thu_tuc"],
    "out/chi_tieu": sorted({*MART, "core/giao_nop"} - {"mart/doi_soat_he_thong", "mart/hen_tra_tinh_lai"}),
    "out/bieu_mau": ["core/nhap_tay", "out/chi_tieu"],
    "out/doi_chieu": ["core/tong_hop", "mart/hen_tra_tinh_lai", "out/bieu_mau", "out/chi_tieu"],
    "out/phat_hien_ky": [
        *(f"core/{name}" for name in ("doan_van", "giao_nop", "tong_hop", "van_ban")),
        *("mart/doi_soat_he_thong", "mart/hen_tra_tinh_lai", "out/bieu_mau"),
    ],
    "out/bien_dong": ["out/bieu_mau"],
    "out/loi_chan": ["core/phat_hien", "out/doi_chieu", "out/phat_hien_ky"],
    "out/dinh_nghia": [],
    "out/bao_cao": ["core/doan_van", "core/van_ban", "out/bieu_mau", "out/loi_chan"],
    "out/phu_luc_3": ["out/bieu_mau"],
    "out/so_phat_hien": ["core/da_rut", "core/phat_hien", "mart/doi_soat_he_thong", "out/phat_hien_ky"],
    "out/so_doi_chieu": ["out/doi_chieu", "out/loi_chan"],
    "out/ho_chieu": ["core/giao_nop", "out/bieu_mau"],
    "out/cong_bo": sorted([*DOCUMENTS, *VALUES, "core/giao_nop", "core/phat_hien"]),
}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(Settings(home=tmp_path_factory.mktemp("definitions") / "home"))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def test_everything_loads_as_a_server_loads_it(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)
    repository = definitions.get_repository_def()
    assert [job.name for job in repository.get_all_jobs() if not job.name.startswith("__")] == ["report"]
    assert [one.name for one in repository.schedule_defs] == ["moi_dem"]
    assert [one.name for one in repository.sensor_defs] == ["inbox"]


def test_loading_reads_no_home_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "khong-co"))
    from pipelines.definitions import defs

    assert dg.Definitions.validate_loadable(defs()) is None
    assert not (tmp_path / "khong-co").exists()


def test_the_graph(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    found = {
        key.to_user_string(): sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)
        for key in graph.get_all_asset_keys()
    }
    assert found == DEPS


def test_every_table_has_a_blocking_contract_check(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    found = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert found == {(name, "hop_dong") for name in [*CORE, *MART, *VALUES]} | {("core/giao_nop", "so_dong")}
    assert all(graph.get_check_spec(key).blocking for key in graph.asset_check_keys)


def test_every_asset_is_described_owned_and_shows_its_columns(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        name = key.to_user_string()
        assert node.description, name
        assert node.owners == ["team:cchc"], name
        assert node.kinds, name
        assert node.group_name == key.path[0], name
        assert ("dagster/column_schema" in node.metadata) == (name in [*RAW, *CORE, *MART, *VALUES]), name


def test_partitions_are_the_period_keys(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    keys = graph.get(dg.AssetKey(["out", "bieu_mau"])).partitions_def.get_partition_keys()
    assert {"2026-Q1", "2026-6T", "2026-Q3", "2026-NAM"} <= set(keys)
    assert not [key for key in keys if key.endswith(("-Q2", "-Q4"))]
    partitioned = {key.path[0] for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned}
    assert partitioned == {"mart", "out"}


# --- the nightly schedule ---


def test_the_schedule_runs_at_two_at_night_here(definitions: dg.Definitions) -> None:
    schedule = definitions.get_repository_def().get_schedule_def("moi_dem")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.execution_timezone == "Asia/Ho_Chi_Minh"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.job_name == "report"


# the day, and the periods whose window has begun and whose day of sending is not past
NIGHTS = {
    date(2026, 6, 10): ["2026-6T", "2026-NAM"],
    date(2026, 3, 16): ["2026-Q1", "2026-6T", "2026-NAM"],
    date(2026, 3, 20): ["2026-Q1", "2026-6T", "2026-NAM"],
    date(2026, 3, 21): ["2026-6T", "2026-NAM"],
    date(2026, 6, 15): ["2026-6T", "2026-NAM"],
    date(2026, 6, 16): ["2026-6T", "2026-Q3", "2026-NAM"],
    date(2026, 9, 21): ["2026-NAM"],
    date(2026, 12, 16): ["2026-NAM", "2027-Q1", "2027-6T", "2027-NAM"],
    date(2026, 12, 21): ["2027-Q1", "2027-6T", "2027-NAM"],
}


@pytest.mark.parametrize("day", NIGHTS, ids=str)
def test_each_night_rebuilds_the_open_periods(
    definitions: dg.Definitions, instance: dg.DagsterInstance, day: date
) -> None:
    repository = definitions.get_repository_def()
    with dg.build_schedule_context(
        instance=instance,
        repository_def=repository,
        scheduled_execution_time=datetime(day.year, day.month, day.day, 2, tzinfo=HANOI),
    ) as context:
        requests = repository.get_schedule_def("moi_dem").evaluate_tick(context).run_requests
    assert [request.partition_key for request in requests] == NIGHTS[day]
    assert len({request.run_key for request in requests}) == len(requests)
    for request in requests:
        config = request.run_config["resources"]["yeu_cau"]["config"]
        assert config["chinh_thuc"] == "co", "the nightly report is the official one"
        assert "ngay_chot" not in config, "up to yesterday, or the window's end"


def test_the_night_of_10_june_asks_for_data_up_to_9_june(tmp_path: Path) -> None:
    home, night = Home(tmp_path), datetime(2026, 6, 10, 2, tzinfo=HANOI)
    asked = make_request(
        home, Settings(home=tmp_path).unit, ky="2026-6T", run_id="x", moment=night, chinh_thuc=True
    )  # fmt: skip
    assert asked.ngay_chot == date(2026, 6, 9)
    assert asked.chinh_sach == "II06A"


# --- the inbox sensor ---


def tick(settings: Settings, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    repository = build_definitions(settings).get_repository_def()
    with dg.build_sensor_context(instance=instance, repository_def=repository) as context:
        return list(repository.get_sensor_def("inbox").evaluate_tick(context).run_requests or [])


def leave(home: Path, name: str, content: bytes, age: float = 60) -> Path:
    path = home / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


@pytest.fixture
def mid_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "today", lambda: date(2026, 6, 10))


@pytest.mark.usefixtures("mid_june")
def test_new_files_ask_for_one_run_of_the_period_to_be_sent_next(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    settings = Settings(home=tmp_path)
    assert tick(settings, instance) == [], "an empty inbox"
    leave(tmp_path, "mot_cua/a.xlsx", b"a")
    (first,) = tick(settings, instance)
    assert first.partition_key == "2026-6T"
    (again,) = tick(settings, instance)
    assert again.run_key == first.run_key, "the same file asks for the same run: Dagster starts it once"
    leave(tmp_path, "tthc/sub/b.xlsx", b"b")
    (both,) = tick(settings, instance)
    assert both.run_key != first.run_key
    assert both.partition_key == "2026-6T"


@pytest.mark.usefixtures("mid_june")
@pytest.mark.parametrize(
    ("name", "age"),
    [
        ("mot_cua/vua-chep.xlsx", 2), ("mot_cua/dang-chep.xlsx.part", 60), ("mot_cua/~$a.xlsx", 60),
        ("mot_cua/.an.xlsx", 60), ("nguon_la/a.xlsx", 60), ("a.xlsx", 60),
    ],
)  # fmt: skip
def test_what_is_no_complete_delivery_asks_for_nothing(
    tmp_path: Path, instance: dg.DagsterInstance, name: str, age: float
) -> None:
    leave(tmp_path, name, b"x", age)
    assert tick(Settings(home=tmp_path), instance) == []


@pytest.mark.usefixtures("mid_june")
def test_a_refused_file_asks_again_only_after_it_changed(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    from assets.raw.ingest import ingest_source
    from schemas.sources import load_sources

    settings = Settings(home=tmp_path)
    settings.place.prepare(tuple(load_sources()))
    leave(tmp_path, "mot_cua/hong.xlsx", b"not a workbook \x00\x01")
    assert len(tick(settings, instance)) == 1
    ingest_source(settings.place, load_sources()["mot_cua"])
    assert tick(settings, instance) == []
    leave(tmp_path, "mot_cua/hong.xlsx", b"another \x00\x01")
    assert len(tick(settings, instance)) == 1


@pytest.mark.usefixtures("mid_june")
def test_known_content_under_another_name_asks_for_nothing(own_home: Path, instance: dg.DagsterInstance) -> None:
    leave(own_home, "mot_cua/gui-lai.xlsx", homes.find_mot_cua(own_home).read_bytes())
    assert tick(Settings(home=own_home), instance) == []


# --- the job as the daemon runs it ---


def test_the_job_runs_without_the_command_line(own_home: Path, instance: dg.DagsterInstance) -> None:
    """What schedule and sensor start: default cut-off, official, the home's lock taken and given back."""
    before = homes.read_values(own_home)
    job = build_definitions(Settings(home=own_home)).resolve_job_def("report")
    config = {"resources": {"yeu_cau": {"config": {"chinh_thuc": "co", "ngay_chot": "2026-06-09"}}}}
    result = job.execute_in_process(partition_key="2026-6T", instance=instance, run_config=config)
    assert result.success
    rows = {
        event.asset_key.to_user_string(): event.materialization.metadata["dagster/row_count"].value
        for event in result.get_asset_materialization_events()
        if "dagster/row_count" in event.materialization.metadata
    }
    assert rows["raw/mot_cua"] > rows["core/ho_so"] > 9275
    assert {*RAW, *CORE, *MART, *VALUES, "out/cong_bo"} == set(rows)
    assert all(check.passed for check in result.get_asset_check_evaluations())
    assert homes.read_values(own_home) == before
    assert (own_home / "lock").read_bytes() == b""

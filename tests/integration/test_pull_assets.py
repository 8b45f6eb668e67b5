"""Connectors inside the report job: before raw, one that fails stops nothing, no run for files that a run took."""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.io.connector_log import ConnectorLog, read_log, write_log
from assets.io.home import Home, hold_lock, is_locked
from assets.raw import connections
from pipelines import sensors
from pipelines.definitions import build_definitions
from pipelines.requests import make_request
from pipelines.settings import Settings
from schemas.connectors import Connector, complete
from tests.support import homes

NOON = datetime(2026, 6, 10, 12)  # noqa: DTZ001 - local time


@pytest.fixture
def outside(tmp_path: Path, own_home: Path) -> Path:
    folder = tmp_path / "noi-gui"
    folder.mkdir()
    shutil.copy2(homes.find_mot_cua(own_home), folder / "ds.xlsx")
    os.utime(folder / "ds.xlsx", (1_780_000_000, 1_780_000_000))
    return folder


@pytest.fixture
def settings(own_home: Path, outside: Path) -> Settings:
    with (own_home / "settings.toml").open("a", encoding="utf-8") as file:
        for name, folder in {"tot": outside, "hong": outside / "khong-co"}.items():
            file.write(f'\n[ket_noi.{name}]\nmau = "thu_muc"\nbat = true\nnoi_lay = "{folder}"\n')
    return Settings(home=own_home)


def run(settings: Settings, **asked: object) -> dg.ExecuteInProcessResult:
    config = {"resources": {"yeu_cau": {"config": {"chinh_thuc": "co", "ngay_chot": "2026-06-09", **asked}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        job = build_definitions(settings).resolve_job_def("report")
        return job.execute_in_process(partition_key="2026-6T", instance=instance, run_config=config)


def test_raw_waits_for_the_connectors_of_its_source(settings: Settings) -> None:
    graph = build_definitions(settings).resolve_asset_graph()
    parents = {key.to_user_string() for key in graph.get(dg.AssetKey(["raw", "mot_cua"])).parent_keys}
    assert parents == {"ket_noi/tot", "ket_noi/hong"}
    assert graph.get(dg.AssetKey(["raw", "pakn"])).parent_keys == set()


def test_connectors_have_a_freshness_policy_like_the_sources(settings: Settings) -> None:
    graph = build_definitions(settings).resolve_asset_graph()
    policies = {key: graph.get(dg.AssetKey(key.split("/"))).freshness_policy for key in ("ket_noi/tot", "raw/mot_cua")}
    assert policies["ket_noi/tot"] == policies["raw/mot_cua"] is not None


def test_a_run_pulls_first_and_a_failing_connector_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "RETRY", dg.RetryPolicy(max_retries=1, delay=0))
    before = homes.read_values(settings.home)
    result = run(settings)
    assert result.success
    checks = {
        one.asset_key.path[1]: (one.passed, one.severity)
        for one in result.get_asset_check_evaluations()
        if one.check_name == "lay_duoc"
    }
    assert checks == {"tot": (True, dg.AssetCheckSeverity.WARN), "hong": (False, dg.AssetCheckSeverity.WARN)}
    fresh = {
        one.asset_key.path[1]: (one.passed, one.metadata["lan_duoc_cuoi"].value)
        for one in result.get_asset_check_evaluations()
        if one.check_name == "con_moi"
    }
    assert fresh["hong"] == (False, "chưa lần nào")
    assert fresh["tot"][0]
    (told,) = result.asset_materializations_for_node("ket_noi__hong")
    assert "không" in str(told.metadata["lan_loi_cuoi"].value)
    retried = [one.step_key for one in result.all_events if one.event_type_value == "STEP_UP_FOR_RETRY"]
    assert retried == ["ket_noi__hong"]
    home = settings.place
    assert set(read_log(home, "tot", "mot_cua").tep) == {"ds.xlsx"}
    assert not list((home.inbox / "mot_cua" / "tot").iterdir()), "raw came after, and took the file in"
    assert homes.read_values(settings.home) == before, "the file held nothing new"
    found = homes.query(settings.home, "select dien_giai from core.phat_hien where ma = 'KET_NOI_LOI'")
    assert len(found) == 1
    assert "hong" in found[0][0]


@pytest.mark.parametrize(
    ("age", "asked", "pulled"),
    [
        (1800, {"tu_dong": True}, False), (4000, {"tu_dong": True}, True), (1800, {}, True),
        (4000, {"lay_tep": False}, False),
    ],
)  # fmt: skip
def test_who_pulls_again(own_home: Path, outside: Path, age: int, asked: dict[str, bool], pulled: bool) -> None:
    """An automatic run uses what was pulled within the hour; a person's run pulls, unless told not to."""
    home = Home(own_home)
    connector = Connector(**complete("thu_muc", {"bat": True, "noi_lay": str(outside)}))
    before = NOON - timedelta(seconds=age)
    write_log(home, ConnectorLog("tot", "mot_cua").note(before, {}, ""))
    request = make_request(home, Settings(home=own_home).unit, ky="2026-6T", run_id="x", moment=NOON, **asked)
    with dg.DagsterInstance.ephemeral() as instance:
        resources = {"home": home, "yeu_cau": request}
        done = dg.materialize([connections.build_pull_asset("tot", connector)], resources=resources, instance=instance)
    assert done.success
    assert (read_log(home, "tot", "mot_cua").lan_cuoi == NOON) == pulled
    assert (home.inbox / "mot_cua" / "tot" / "ds.xlsx").is_file() == pulled


def test_the_sensor_waits_while_a_run_lives(own_home: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "today", lambda: date(2026, 6, 10))
    home = Home(own_home)
    (home.inbox / "mot_cua" / "moi.xlsx").write_bytes(b"x")
    os.utime(home.inbox / "mot_cua" / "moi.xlsx", (1_780_000_000, 1_780_000_000))

    def tick() -> int:
        repository = build_definitions(Settings(home=own_home)).get_repository_def()
        with (
            dg.DagsterInstance.ephemeral() as instance,
            dg.build_sensor_context(instance=instance, repository_def=repository) as context,
        ):
            return len(repository.get_sensor_def("inbox").evaluate_tick(context).run_requests or [])

    with hold_lock(home, "x"):
        assert is_locked(home)
        assert tick() == 0
    assert not is_locked(home)
    assert tick() == 1
    home.lock.write_text('{"run_id": "chet"}')
    assert not is_locked(home), "a mark that a killed run left"

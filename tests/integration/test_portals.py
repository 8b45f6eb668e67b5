"""Portals over HTTP, on loopback: what is asked, what is taken, and everything a real portal does wrong."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from assets.io import remote_http
from assets.io.connector_log import ConnectorLog
from assets.io.home import Home
from assets.raw.ingest import ingest_source
from assets.raw.pull_state import find_uncovered_days
from assets.raw.pulling import pull_connector
from schemas.connectors import Connector, complete, load_templates
from schemas.sources import load_sources
from tests.support.portal import (
    LOGIN_PAGE,
    Answer,
    LoopbackPortal,
    Request,
    answer_json,
    make_certificate,
    run_portal,
)

NOON = datetime(2026, 6, 10, 12)  # noqa: DTZ001 - local time
KEY = "khoa-rat-bi-mat"
WORKBOOK = bytes(range(256)) * 40
"""Bytes stand for an export here: reading them is not the connector's work."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "nha")
    made.prepare(("mot_cua", "tthc_cong_moi", "lay_thu_tuc"))
    return made


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackPortal]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CCHC_K_TAI_KHOAN", "van-phong")
    monkeypatch.setenv("CCHC_K_MAT_KHAU", KEY)
    monkeypatch.setenv("CCHC_K_MA_TRUY_CAP", KEY)
    with run_portal() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """The seconds that a pull would have waited."""
    return []


def make(portal: LoopbackPortal, mau: str = "excel_hai_ngay", **http: Any) -> Connector:
    first = {"tu_ngay": "2026-06-01"} if mau == "excel_hai_ngay" else {}
    own = {"mau": mau, "bat": True, "noi_lay": portal.address, "gioi_han_mb": 1, "http": {**first, **http}}
    return Connector(**complete("k", own))


def make_paged(portal: LoopbackPortal, **paging: Any) -> Connector:
    return make(portal, "cong_moi_tthc", phan_trang={"kieu": "trang", "bat_dau": 0, "so_dong": 2, **paging})


def pull(
    home: Home, connector: Connector, waits: list[float], moment: datetime = NOON, *, full: bool = False
) -> tuple[ConnectorLog, list[str]]:
    return pull_connector(home, "k", connector, moment, full=full, sleep=waits.append)


def read_inbox(home: Home, source: str = "mot_cua") -> dict[str, bytes]:
    base = home.inbox / source
    return {path.name: path.read_bytes() for path in base.rglob("*") if path.is_file()}


def read_codes(home: Home) -> list[str]:
    (content,) = read_inbox(home, "tthc_cong_moi").values()
    return [json.loads(line)["code"] for line in content.decode().splitlines()]


# --- one file between two days ---


def test_an_excel_between_two_days(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(WORKBOOK))
    log, files = pull(home, make(portal), waits)
    assert (log.loi, waits) == ("", [])
    assert files == ["k_20260601-20260610_20260610120000.xlsx"]
    assert read_inbox(home) == {files[0]: WORKBOOK}
    (asked,) = portal.asked
    assert asked.query == {"tuNgay": "01/06/2026", "denNgay": "10/06/2026"}
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"van-phong:{KEY}".encode()).decode()


@pytest.mark.parametrize(
    ("login", "name", "header"),
    [("bearer", "", "authorization"), ("tieu_de", "X-Khoa", "x-khoa"), ("than", "phien", "")],
)
def test_logins_with_a_key(
    home: Home, portal: LoopbackPortal, waits: list[float], login: str, name: str, header: str
) -> None:
    portal.tell(Answer(WORKBOOK))
    pull(home, make(portal, dang_nhap=login, ten_khoa=name, phuong_thuc="POST"), waits)
    (asked,) = portal.asked
    sent = asked.headers[header] if header else asked.body["phien"]
    assert sent == {"bearer": f"Bearer {KEY}"}.get(login, KEY)


def test_a_certificate_is_always_verified(
    home: Home, tmp_path: Path, waits: list[float], portal: LoopbackPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over real TLS: nothing is sent to a server that nobody vouches for; an office's own authority can be trusted."""
    trusted, context = make_certificate(tmp_path, "cong-mau")
    other, _ = make_certificate(tmp_path, "noi-khac")
    with run_portal(context) as encrypted:
        encrypted.tell(Answer(WORKBOOK))
        for believed in (None, other):
            if believed is not None:
                monkeypatch.setenv("SSL_CERT_FILE", str(believed))
            log, files = pull(home, make(encrypted), waits)
            assert "chứng thư" in log.loi
            assert (files, waits, encrypted.asked) == ([], [], []), "no second attempt, no password sent"
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        log, files = pull(home, make(encrypted), waits)
        assert log.loi == ""
        assert read_inbox(home) == {files[0]: WORKBOOK}


def test_a_missing_secret_is_named(
    home: Home, portal: LoopbackPortal, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCHC_K_MAT_KHAU")
    assert "mat_khau" in pull(home, make(portal), waits)[0].loi
    assert portal.asked == []


# --- days ---


def test_days_are_asked_for_once_with_an_overlap(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(WORKBOOK))
    connector = make(portal, gom_lai=3, so_ngay=7)
    log, _ = pull(home, connector, waits)
    assert log.phu == ((date(2026, 6, 1), date(2026, 6, 9)),)
    pull(home, connector, waits, datetime(2026, 6, 12, 2))  # noqa: DTZ001 - local time
    pull(home, connector, waits, datetime(2026, 6, 12, 3), full=True)  # noqa: DTZ001 - local time
    asked = [(one.query["tuNgay"][:5], one.query["denNgay"][:5]) for one in portal.asked]
    # 9 June was the last whole day: 7, 8, 9 again, and what came since
    assert asked == [
        ("01/06", "07/06"), ("08/06", "10/06"),
        ("07/06", "12/06"),
        ("01/06", "07/06"), ("08/06", "12/06"),
    ]  # fmt: skip


def test_a_span_that_fails_is_a_gap_until_it_is_fetched(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    def refuse_early(asked: Request) -> Answer:
        return Answer(code=400) if asked.query["tuNgay"].startswith("04") else Answer(WORKBOOK)

    portal.script = refuse_early
    connector = make(portal, so_ngay=3)
    log, files = pull(home, connector, waits)
    assert len(files) == 3
    assert "04/06/2026–06/06/2026" in log.loi
    assert "mã 400" in log.loi
    (gap,) = find_uncovered_days(home, {"k": connector})
    assert gap.ma == "KET_NOI_THIEU_NGAY"
    assert "phủ 04/06/2026–06/06/2026" in gap.dien_giai
    portal.tell(Answer(WORKBOOK))
    assert pull(home, connector, waits)[0].loi == ""
    assert find_uncovered_days(home, {"k": connector}) == []


# --- a portal in trouble ---


def test_busy_then_broken_then_well(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(
        Answer(code=429, headers={"Retry-After": "7"}),
        Answer(code=500),
        Answer(code=503),
        Answer(WORKBOOK),
    )
    log, files = pull(home, make(portal), waits)
    assert (log.loi, len(files)) == ("", 1)
    assert waits[0] == 7
    assert 2 <= waits[1] <= 4, "2 s of back-off, up to 2 s of jitter"
    assert 4 <= waits[2] <= 6


def test_a_portal_that_stays_broken(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(code=502))
    log, files = pull(home, make(portal, so_ngay=3), waits)
    assert files == []
    assert "502" in log.loi
    assert len(portal.asked) == 5, "the other days are not asked for: the portal is down"
    assert read_inbox(home) == {}


def test_a_moment_to_wait_for_is_measured_by_the_portals_clock(
    home: Home, portal: LoopbackPortal, waits: list[float]
) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=100)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    portal.tell(Answer(code=503, headers={"Retry-After": until}), Answer(WORKBOOK))
    assert pull(home, make(portal), waits)[0].loi == ""
    assert 95 <= waits[0] <= 100


def test_too_long_a_wait_is_left_to_the_next_run(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(code=429, headers={"Retry-After": "3600"}))
    assert "đợi 3600 giây" in pull(home, make(portal), waits)[0].loi
    assert waits == []


def test_a_slow_portal(home: Home, portal: LoopbackPortal, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_http, "TIMEOUT", httpx.Timeout(0.2))

    def sleep(_: Request) -> Answer:
        time.sleep(0.4)
        return Answer(WORKBOOK)

    portal.script = sleep
    assert "không trả lời kịp" in pull(home, make(portal), waits)[0].loi
    assert read_inbox(home) == {}


def test_a_cut_transfer_goes_on_where_it_stopped(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    mark = {"ETag": '"v1"'}
    rest = {"Content-Range": f"bytes 4000-{len(WORKBOOK) - 1}/{len(WORKBOOK)}"}
    portal.tell(Answer(WORKBOOK, headers=mark, cut=4000), Answer(WORKBOOK[4000:], code=206, headers=rest))
    log, files = pull(home, make(portal), waits)
    assert log.loi == ""
    assert read_inbox(home) == {files[0]: WORKBOOK}
    assert portal.asked[1].headers["range"] == "bytes=4000-"
    assert portal.asked[1].headers["if-range"] == '"v1"'


def test_a_cut_transfer_of_a_file_that_changed_or_has_no_mark_starts_again(
    home: Home, portal: LoopbackPortal, waits: list[float]
) -> None:
    newer = WORKBOOK[::-1] + b"!"
    portal.tell(
        Answer(WORKBOOK, headers={"ETag": '"v1"'}, cut=4000), Answer(newer, cut=100), Answer(newer)
    )  # fmt: skip
    _, files = pull(home, make(portal), waits)
    assert read_inbox(home) == {files[0]: newer}
    assert "range" not in portal.asked[2].headers


# --- a portal that gives something else ---


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(LOGIN_PAGE, kind="text/html"), "trang đăng nhập"),
        (Answer(LOGIN_PAGE), "trang đăng nhập"),
        (Answer(b"<html><body>Bao tri</body></html>", kind="text/html"), "trang web"),
        (Answer(b"%PDF-1.7", kind="application/pdf"), "application/pdf"),
        (Answer(b"x" * (2**20 + 1)), "lớn hơn 1 MB"),
        (Answer(code=401), "mật khẩu"),
        (Answer(code=404), "mã 404"),
        (Answer(code=302, headers={"Location": "http://localhost:9/vao"}), "máy chủ khác"),
        (Answer(code=302, headers={"Location": "/lai"}), "chuyển hướng mãi"),
    ],
)
def test_what_is_not_the_export_never_reaches_the_inbox(
    home: Home, portal: LoopbackPortal, waits: list[float], answer: Answer, said: str
) -> None:
    portal.tell(answer)
    log, files = pull(home, make(portal), waits)
    assert said in log.loi
    assert (files, waits, read_inbox(home)) == ([], [], {})
    assert KEY not in log.loi
    assert log.phu == ()


def test_an_excel_made_of_html_is_an_export(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(b"<html><body><table><tr><td>a</td></tr></table></body></html>"))
    assert pull(home, make(portal), waits)[0].loi == ""


def test_a_redirect_on_the_portal_is_followed(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(Answer(code=302, headers={"Location": "/tep/1.xlsx"}), Answer(WORKBOOK))
    _, files = pull(home, make(portal), waits)
    assert read_inbox(home) == {files[0]: WORKBOOK}
    assert portal.asked[1].path == "/tep/1.xlsx"
    assert "authorization" in portal.asked[1].headers


# --- pages ---

ROWS = [{"code": str(number)} for number in range(1, 6)]


def test_pages_by_number(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    def serve(asked: Request) -> Answer:
        start = int(asked.query["page"]) * int(asked.query["size"])
        return answer_json({"content": ROWS[start : start + 2]})

    portal.script = serve
    log, files = pull(home, make_paged(portal), waits)
    assert log.loi == ""
    assert files == ["k_20260610120000.jsonl"]
    assert read_codes(home) == ["1", "2", "3", "4", "5"]


def test_pages_by_offset_in_a_body(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    def serve(asked: Request) -> Answer:
        return answer_json({"data": {"rows": ROWS[asked.body["start"] :][: asked.body["length"]]}})

    portal.script = serve
    connector = make(
        portal, "cong_moi_tthc", phuong_thuc="POST", duong_dan="/x", than={"start": "{vi_tri}", "length": "{so_dong}"},
        dong_o="data.rows", phan_trang={"kieu": "vi_tri", "bat_dau": 0, "so_dong": 5},
    )  # fmt: skip
    assert pull(home, connector, waits)[0].loi == ""
    assert read_codes(home) == ["1", "2", "3", "4", "5"]
    assert [one.body["start"] for one in portal.asked] == [0, 5]


CURSOR = {"kieu": "con_tro", "con_tro_o": "next"}


def make_cursor(portal: LoopbackPortal) -> Connector:
    return make(portal, "cong_moi_tthc", duong_dan="/x?tu={con_tro}", phan_trang=CURSOR)


def test_pages_by_cursor(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(
        answer_json({"content": ROWS[:2], "next": "a&b=1"}), answer_json({"content": ROWS[2:], "next": None})
    )  # fmt: skip
    assert pull(home, make_cursor(portal), waits)[0].loi == ""
    assert read_codes(home) == ["1", "2", "3", "4", "5"]
    assert [one.query for one in portal.asked] == [{}, {"tu": "a&b=1"}]


def test_a_portal_that_goes_round_in_circles(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    portal.tell(answer_json({"content": ROWS[:2]}))
    assert "đúng một trang đã trả" in pull(home, make_paged(portal), waits)[0].loi
    left = iter(range(100))
    portal.script = lambda _: answer_json({"content": [{"code": str(next(left))}], "next": "a"})
    assert "con trỏ đã dùng" in pull(home, make_cursor(portal), waits)[0].loi
    portal.script = lambda _: answer_json({"content": [{"code": str(next(left))}] * 2})
    assert "quá 3 trang" in pull(home, make_paged(portal, toi_da=3), waits)[0].loi
    assert read_inbox(home, "tthc_cong_moi") == {}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answer_json({"error": "x"}), "dong_o"),
        (Answer(b"{", kind="application/json"), "không phải JSON"),
        (Answer(LOGIN_PAGE, kind="text/html"), "trang đăng nhập"),
        (answer_json({"content": [{"code": "9" * 2**20}]}), "lớn hơn 1 MB"),
    ],
)
def test_pages_that_are_none(home: Home, portal: LoopbackPortal, waits: list[float], answer: Answer, said: str) -> None:
    portal.tell(answer)
    assert said in pull(home, make_paged(portal), waits)[0].loi
    assert read_inbox(home, "tthc_cong_moi") == {}


def test_a_broken_page_is_asked_for_again_and_no_half_list_is_kept(
    home: Home, portal: LoopbackPortal, waits: list[float]
) -> None:
    portal.tell(answer_json({"content": ROWS[:2]}), Answer(code=500), answer_json({"content": ROWS[2:3]}))
    assert pull(home, make_paged(portal), waits)[0].loi == ""
    assert read_codes(home) == ["1", "2", "3"]
    (home.inbox / "tthc_cong_moi" / "k" / "k_20260610120000.jsonl").unlink()
    portal.tell(answer_json({"content": ROWS[:2]}), Answer(code=500))
    assert "500" in pull(home, make_paged(portal), waits)[0].loi
    assert read_inbox(home, "tthc_cong_moi") == {}


def test_a_list_of_codes_and_a_request_for_each(home: Home, portal: LoopbackPortal, waits: list[float]) -> None:
    def serve(asked: Request) -> Answer:
        assert asked.body["session"] == KEY
        if asked.body["service"] == "LayDanhSachTTHC":
            return answer_json({"result": [{"MATTHC": "1.000001"}, {"MATTHC": "1.000002"}]})
        levels, fields = [{"CAPTHUCHIEN": "3"}], [{"MALINHVUC": "01", "TENLINHVUC": "Hộ tịch"}]
        row = {"MATTHC": asked.body["maTTHC"], "TENTTHC": "Thủ tục mẫu", "TRANGTHAI": "1", "LOAITTHC": "1"}
        return answer_json({"result": row | {"CAPTHUCHIEN": levels, "LINHVUCTHUCHIEN": fields}})

    portal.script = serve
    assert pull(home, make(portal, "dvcqg_tthc"), waits)[0].loi == ""
    result = ingest_source(home, load_sources()["lay_thu_tuc"])
    assert result.tu_choi == []
    assert [one.so_dong for one in result.moi] == [{"thu_tuc": 2}]
    assert result.moi[0].ngay_xuat.date() == NOON.date(), "the name says when it was fetched"


# --- settings ---


def test_what_nobody_has_tried_says_so_and_is_off() -> None:
    shipped = {name: Connector(**complete(name, {})) for name in load_templates()}
    assert {name for name, one in shipped.items() if one.chua_kiem_chung} == {"dvcqg_tthc", "cong_moi_tthc"}
    assert not any(one.bat for one in shipped.values())


@pytest.mark.parametrize(
    "own",
    [
        {"noi_lay": "http://cong.example"},
        {"noi_lay": "/thu-muc"},
        {"http": {}},
        {"http": {"tu_ngay": "2026-06-01", "duong_dan": "/x?q={tu_ngya}"}},
        {"http": {"tu_ngay": "2026-06-01", "phan_trang": {"kieu": "con_tro"}}},
        {"http": {"tu_ngay": "2026-06-01", "dang_nhap": "tieu_de"}},
    ],
)
def test_settings_that_cannot_be_used(own: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Connector(**complete("excel_hai_ngay", {"bat": True, "noi_lay": "https://cong.example", **own}))

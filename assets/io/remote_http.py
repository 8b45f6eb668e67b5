"""Web portals: one request with its retries, a download that resumes, an answer that must be what was asked for.

Belongs here: httpx, tenacity, logins, and turning what went wrong into a sentence without any credential. Does not
belong here: which days and pages are asked for, and where the file goes (assets/raw/pulling_http).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx
import tenacity
from pydantic import SecretStr

from assets.io.remote_files import UnreachableSource
from schemas.connectors import Connector
from schemas.connectors.http import HttpSpec, fill_body, fill_path

ATTEMPTS = 5
_LONGEST_WAIT = 300.0  # seconds; a portal that wants us to wait longer is asked again by the next run
_LONGEST_TRANSFER = 1800.0  # seconds; a portal that drips bytes may not hold the night's run
_REDIRECTS = 5
_MIB = 1024 * 1024
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_HTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_LOGIN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.I)
_HEAD = 64 * 1024
TIMEOUT = httpx.Timeout(30, read=120)
"""Seconds. A portal that makes an Excel of a year may think for a minute before the first byte."""

Values = Mapping[str, str | int]
_T = TypeVar("_T")


class WrongAnswer(UnreachableSource):
    """The portal answers, but not with what was asked for; another request may still do."""


class _TryLater(Exception):
    """Worth another attempt.

    Attributes:
        sentence: what to say if there is none.
        wait: seconds the portal asks for, None if it does not say.
    """

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait = wait


class Portal:
    """One connector's portal; TLS is always verified, and a redirect never leaves the portal."""

    def __init__(
        self,
        connector: Connector,
        secrets: Mapping[str, SecretStr],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make ready; nothing is sent yet.

        Args:
            connector: where, and what to ask.
            secrets: what the login needs, see :attr:`HttpSpec.secrets`.
            sleep: waits so many seconds between attempts.

        Raises:
            UnreachableSource: a secret is missing.
        """
        assert connector.http is not None, "the settings keep portals and folders apart"
        self._spec: HttpSpec = connector.http
        self._base = connector.noi_lay.rstrip("/")
        self._limit_mb = connector.gioi_han_mb
        self._sleep = sleep
        self._host = httpx.URL(self._base).netloc.decode()
        missing = [item for item in self._spec.secrets if item not in secrets]
        if missing:
            raise UnreachableSource(f"{self._host}: chưa có {', '.join(missing)} (biến môi trường hoặc bi-mat.toml)")
        self._secrets = secrets
        self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers=self._make_headers())

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def download(self, values: Values, target: Path) -> None:
        """Write the answer to a file as it comes; a cut transfer goes on where it stopped if the portal can do that.

        Args:
            values: for the holes of the request.
            target: local file; the caller renames or removes it.

        Raises:
            UnreachableSource: no whole answer after all attempts.
            WrongAnswer: a web page, another content type, too large.
        """
        with target.open("wb") as file:
            transfer = _Transfer(file, self._limit_mb)
            self._try(lambda: self._continue(values, transfer))
            file.flush()
        with target.open("rb") as file:
            self._refuse_web_page(file.read(_HEAD), transfer.kind)

    def ask(self, path: str, body: Mapping[str, Any], values: Values) -> Any:
        """The JSON answer of one request.

        Args:
            path: path and query with holes.
            body: JSON body with holes; empty: none.
            values: for the holes.

        Raises:
            UnreachableSource: no whole answer after all attempts.
            WrongAnswer: a web page, another content type, no JSON, too large.
        """
        content, kind = self._try(lambda: self._read_whole(path, body, values))
        self._refuse_web_page(content[:_HEAD], kind)
        try:
            return httpx.Response(200, content=content).json()
        except ValueError:
            raise WrongAnswer(f"{self._host}: câu trả lời không phải JSON") from None

    # --- one attempt ---

    def _continue(self, values: Values, transfer: _Transfer) -> None:
        with self._send(self._spec.duong_dan, self._spec.than, values, transfer.resume_headers()) as response:
            self._judge(response, transfer.position)
            transfer.begin(response)
            started = time.monotonic()
            for chunk in response.iter_raw():
                transfer.write(chunk)
                if time.monotonic() - started > _LONGEST_TRANSFER:
                    raise WrongAnswer(f"{self._host}: tải quá {_LONGEST_TRANSFER / 60:.0f} phút chưa xong")

    def _read_whole(self, path: str, body: Mapping[str, Any], values: Values) -> tuple[bytes, str]:
        with self._send(path, body, values, {}) as response:
            self._judge(response, 0)
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > self._limit_mb * _MIB:
                    raise WrongAnswer(f"{self._host}: câu trả lời lớn hơn {self._limit_mb} MB, không lấy")
            return bytes(content), _kind(response)

    @contextmanager
    def _send(
        self, path: str, body: Mapping[str, Any], values: Values, headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """Send, and follow redirects that stay on the portal."""
        request = self._client.build_request(
            self._spec.phuong_thuc,
            self._base + fill_path(path, values),
            json=self._make_body(body, values),
            headers=dict(headers),
        )
        for _ in range(_REDIRECTS + 1):
            response = self._client.send(request, auth=self._make_auth(), stream=True)
            try:
                following = response.next_request
                if following is None:
                    yield response
                    return
            finally:
                response.close()
            if _origin(following.url) != _origin(request.url):
                raise WrongAnswer(f"{self._host}: chuyển sang một máy chủ khác, không đi theo")
            request = following
        raise WrongAnswer(f"{self._host}: chuyển hướng mãi không hết")

    def _judge(self, response: httpx.Response, position: int) -> None:
        code = response.status_code
        if code in _LATER:
            raise _TryLater(f"máy chủ báo lỗi {code}", _read_retry_after(response))
        if code in (401, 403):
            raise UnreachableSource(f"{self._host}: tài khoản, mật khẩu hoặc quyền không đúng (mã {code})")
        if code == 416 and position:
            raise _TryLater("tệp đổi trong khi tải")
        if code not in (200, 206):
            raise WrongAnswer(f"{self._host}: máy chủ trả lời mã {code}; hãy xem lại duong_dan và tham số")
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and position + int(length) > self._limit_mb * _MIB:
            raise WrongAnswer(f"{self._host}: câu trả lời lớn hơn {self._limit_mb} MB, không lấy")

    def _refuse_web_page(self, head: bytes, kind: str) -> None:
        """A session that ran out shows as a login page with code 200; an Excel made of HTML has no password field."""
        is_page = bool(_HTML.match(head))
        if is_page and _LOGIN.search(head):
            raise UnreachableSource(
                f"{self._host}: nhận được trang đăng nhập thay cho dữ liệu; hãy xem lại tài khoản, dang_nhap"
            )
        if kind not in self._spec.loai_nhan:
            what = "một trang web" if is_page or kind == "text/html" else f"loại “{kind[:80] or 'không rõ'}”"
            raise WrongAnswer(f"{self._host}: nhận được {what}, không phải {' hay '.join(self._spec.loai_nhan)}")

    # --- attempts ---

    def _try(self, attempt: Callable[[], _T]) -> _T:
        """Attempt, and again after a while where that may help; what is left becomes a sentence."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_wait,
            retry=tenacity.retry_if_exception(_is_worth_another),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except _TryLater as later:
            asked = f", yêu cầu đợi {later.wait:.0f} giây" if later.wait else ""
            raise UnreachableSource(f"{self._host}: {later.sentence}{asked}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableSource(f"{self._host}: {_explain(error)}") from None

    # --- login ---

    def _make_headers(self) -> dict[str, str]:
        # identity: a range counts bytes of the transfer, which must be those of the file
        headers = {"Accept": ", ".join(self._spec.loai_nhan), "Accept-Encoding": "identity", **self._spec.tieu_de}
        if self._spec.dang_nhap == "bearer":
            headers["Authorization"] = f"Bearer {self._secret('ma_truy_cap')}"
        if self._spec.dang_nhap == "tieu_de":
            headers[self._spec.ten_khoa] = self._secret("ma_truy_cap")
        return headers

    def _make_auth(self) -> httpx.BasicAuth | None:
        if self._spec.dang_nhap != "basic":
            return None
        return httpx.BasicAuth(self._secret("tai_khoan"), self._secret("mat_khau"))

    def _make_body(self, body: Mapping[str, Any], values: Values) -> Any:
        filled = fill_body(body, values)
        if self._spec.dang_nhap == "than":
            filled[self._spec.ten_khoa] = self._secret("ma_truy_cap")
        return filled or None

    def _secret(self, item: str) -> str:
        return self._secrets[item].get_secret_value()


class _Transfer:
    """A download in the making: what is on disk already, and how to ask for the rest."""

    def __init__(self, file: BinaryIO, limit_mb: int) -> None:
        self._file = file
        self._limit_mb = limit_mb
        self._mark = ""
        self.position = 0
        self.kind = ""

    def resume_headers(self) -> dict[str, str]:
        """Ask for the rest, but only of the very same file: without a mark it is fetched from the start."""
        if not (self.position and self._mark):
            return {}
        return {"Range": f"bytes={self.position}-", "If-Range": self._mark}

    def begin(self, response: httpx.Response) -> None:
        """Take the answer's first word: is it the rest, or all of it again?

        Raises:
            WrongAnswer: a part that does not fit what is on disk.
        """
        if response.status_code == 206:
            found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
            if found is None or int(found[1]) != self.position:
                raise WrongAnswer(f"{response.url.host}: phần tải tiếp không khớp phần đã có")
            return
        self._file.seek(0)
        self._file.truncate()
        self.position = 0
        etag = response.headers.get("ETag", "")
        self._mark = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
        self.kind = _kind(response)

    def write(self, chunk: bytes) -> None:
        """Append.

        Raises:
            WrongAnswer: more than the limit.
        """
        self.position += len(chunk)
        if self.position > self._limit_mb * _MIB:
            raise WrongAnswer(f"tệp lớn hơn {self._limit_mb} MB, không lấy")
        self._file.write(chunk)


def _kind(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).split(";")[0].strip().lower()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _read_retry_after(response: httpx.Response) -> float | None:
    """Seconds the portal asks for; a moment is measured against the portal's own ``Date``."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    until, now = _read_moment(text), _read_moment(response.headers.get("Date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _read_moment(text: str) -> datetime | None:
    """A moment of a header (RFC 9110, always GMT), None if it is none."""
    try:
        return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None


_BACK_OFF = tenacity.wait_exponential_jitter(initial=1, max=60, jitter=2)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, _TryLater) else None
    return asked if asked is not None else _BACK_OFF(state)


def _is_worth_another(error: BaseException) -> bool:
    if isinstance(error, _TryLater):
        return error.wait is None or error.wait <= _LONGEST_WAIT
    return isinstance(error, httpx.TransportError) and not _is_untrusted(error)


def _is_untrusted(error: BaseException) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _explain(error: httpx.HTTPError | httpx.InvalidURL) -> str:
    if _is_untrusted(error):
        return "chứng thư của máy chủ không hợp lệ; báo nơi quản trị cổng"
    if isinstance(error, httpx.TimeoutException):
        return "máy chủ không trả lời kịp"
    return f"không kết nối được hoặc bị ngắt giữa chừng ({type(error).__name__})"

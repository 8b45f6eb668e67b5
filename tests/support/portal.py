"""A web portal on loopback for the connectors' tests: each path answers by a script, every request is remembered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

EXCEL = "application/vnd.ms-excel"
LOGIN_PAGE = b'<!DOCTYPE html><html><body><form action="/vao"><input name="p" type="password"></form></body></html>'


@dataclass
class Request:
    """What a client asked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """What the portal says; ``cut`` bytes are sent and then the connection breaks."""

    body: bytes = b""
    code: int = 200
    kind: str = EXCEL
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


Script = Callable[[Request], Answer]


def answer_json(body: object, **rest: Any) -> Answer:
    return Answer(json.dumps(body).encode(), kind="application/json; charset=utf-8", **rest)


@dataclass
class LoopbackPortal:
    """A running portal: set ``script``, look at ``asked``."""

    address: str = ""
    script: Script = lambda _: Answer(code=404)
    asked: list[Request] = field(default_factory=list)

    def tell(self, *answers: Answer) -> None:
        """Give these answers one after the other; the last one for ever."""
        left = list(answers)
        self.script = lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def run_portal() -> Iterator[LoopbackPortal]:
    """Serve on a free port of 127.0.0.1."""
    portal = LoopbackPortal()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {key.lower(): value for key, value in self.headers.items()}
            request = Request(parts.path, query, headers, json.loads(content) if content else None)
            portal.asked.append(request)
            answer = portal.script(request)
            self.send_response(answer.code)
            for key, value in {"Content-Type": answer.kind, **answer.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            if answer.cut is not None:
                self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

"""A web portal on loopback for the connectors' tests: each path answers by a script, every request is remembered."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

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
def run_portal(tls: ssl.SSLContext | None = None) -> Iterator[LoopbackPortal]:
    """Serve on a free port of 127.0.0.1; encrypted where a context holds the certificate."""
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
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    portal.address = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def make_certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of 127.0.0.1 that signs itself, as a file to trust and as a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, whole = folder / f"{name}.pem", folder / f"{name}-rieng.pem"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    whole.write_bytes(private + public.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    return public, context

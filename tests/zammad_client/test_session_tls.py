"""Certificates are verified, by default and against a CA bundle of one's own."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.zammad_client.recorded import TOKEN, answer
from zammad_client import Zammad, ZammadUnavailableError

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    url: str
    certificate: Path


class OneUser(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = answer("users_me").content
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Silence."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us breaks off the handshake: that is what it is for."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with QuietServer(("127.0.0.1", 0), OneUser) as http:
        http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield Server(url=f"https://127.0.0.1:{http.server_address[1]}", certificate=certificate)
        http.shutdown()
        thread.join()


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, key_pem


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server: Server) -> None:
    with pytest.raises(ZammadUnavailableError, match="certificate verify failed"):
        await Zammad(url=server.url, token=TOKEN).me()


async def test_a_certificate_of_the_given_bundle_is_trusted(server: Server) -> None:
    assert (await Zammad(url=server.url, token=TOKEN, verify=str(server.certificate)).me()).id == 9


async def test_verification_can_be_switched_off(server: Server) -> None:
    assert (await Zammad(url=server.url, token=TOKEN, verify=False).me()).id == 9


def test_a_missing_bundle_is_noticed_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        Zammad(url="https://zammad.example", token=TOKEN, verify="/no/such/bundle.pem")

"""Hooks as sipgate sends them, signed where wanted by a key of our own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CALLERS = 1_000  # customers of the simulated Zammad, by their phone numbers
FORM = "application/x-www-form-urlencoded"
_LEG = "event={event}&direction=in&from={caller}&to=4930600001&callId={call}&origCallId={call}&xcid=x{call}"
_TAKEN = f"{_LEG}&answeringNumber=4930600001"
STEPS = {
    "newCall": f"{_LEG}&user%5B%5D=Jane+Doe&userId%5B%5D=w0&fullUserId%5B%5D=1234567w0",
    "answer": f"{_TAKEN}&user=Jane+Doe&userId=w0&fullUserId=1234567w0",
    "hangup": f"{_TAKEN}&cause=normalClearing",
}


def bodies(calls: int, name: str = "b") -> Iterator[bytes]:
    """Three hooks of each call, one after the other."""
    for call in range(calls):
        caller = f"4930{20_000_000 + call % CALLERS}"
        for event, form in STEPS.items():
            yield form.format(event=event, call=f"{name}{call}", caller=caller).encode()


def key_pair(folder: Path) -> tuple[RSAPrivateKey, Path]:
    """The key and the file with its public half."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / "bench.pem"
    file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return key, file


def signature_of(key: RSAPrivateKey, body: bytes) -> str:
    return b64encode(key.sign(body, PKCS1v15(), SHA256())).decode()


def write_hooks(file: Path, calls: int, key: RSAPrivateKey | None, *, name: str = "b") -> None:
    """Two lines for each hook: signature (empty without a key) and body, for the generator to read."""
    with file.open("wb") as lines:
        for body in bodies(calls, name):
            lines.write((signature_of(key, body) if key else "").encode() + b"\n" + body + b"\n")

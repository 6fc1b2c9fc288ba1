"""Signatures: sipgate's own two verify, everything else does not and raises nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import ConfigurationError
from sidecar.hooks.signature import Signature, SignatureChecker, signature_checker
from tests.sipgate_recordings import signed_body

CAPTURED, CAPTURED_SIGNATURE = signed_body("signed_captured")
NODETEST, NODETEST_SIGNATURE = signed_body("signed_nodetest")
CHECKER = signature_checker()
OWN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OWN_CHECKER = SignatureChecker([OWN_KEY.public_key()])


def own_signature(
    body: bytes, algorithm: hashes.HashAlgorithm | None = None, scheme: padding.AsymmetricPadding | None = None
) -> bytes:
    return base64.b64encode(OWN_KEY.sign(body, scheme or padding.PKCS1v15(), algorithm or hashes.SHA256()))


def public_pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def changed_bit(signature: bytes) -> bytes:
    raw = bytearray(base64.b64decode(signature))
    raw[100] ^= 1
    return base64.b64encode(bytes(raw))


@pytest.mark.parametrize("name", ["signed_captured", "signed_nodetest"])
def test_what_sipgate_has_signed_verifies(name: str) -> None:
    body, signature = signed_body(name)
    assert CHECKER.check(body, [signature]) is Signature.VALID


def test_blanks_around_the_header_do_not_matter() -> None:
    assert CHECKER.check(CAPTURED, [b" " + CAPTURED_SIGNATURE + b"\t"]) is Signature.VALID


def test_the_built_in_key_is_sipgates() -> None:
    assert CHECKER.fingerprints == ("893cfd6caad92efc277a5977daec63dee1597223b1df5b2bf69ef56cd92305b3",)


def test_a_body_without_signature_is_told_from_a_wrong_one() -> None:
    assert CHECKER.check(CAPTURED, []) is Signature.MISSING


WRONG_HEADERS = {
    "empty": [b""],
    "sent twice": [CAPTURED_SIGNATURE, CAPTURED_SIGNATURE],
    "not base64": [b"this is no base64!"],
    "line break inside": [CAPTURED_SIGNATURE[:76] + b"\n" + CAPTURED_SIGNATURE[76:]],
    "non-ASCII": ["ü".encode() + CAPTURED_SIGNATURE[2:]],
    "100 kB long": [b"A" * 100_000],
    "a byte short": [base64.b64encode(base64.b64decode(CAPTURED_SIGNATURE)[:-1])],
    "a byte long": [base64.b64encode(base64.b64decode(CAPTURED_SIGNATURE) + b"\0")],
    "one bit changed": [changed_bit(CAPTURED_SIGNATURE)],
    "of another body": [NODETEST_SIGNATURE],
    "two in one header": [CAPTURED_SIGNATURE + b"," + CAPTURED_SIGNATURE],
    "of another key": [own_signature(CAPTURED)],
    "zeros": [base64.b64encode(bytes(512))],
}


@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_a_wrong_header_is_invalid(headers: list[bytes]) -> None:
    assert CHECKER.check(CAPTURED, headers) is Signature.INVALID


WRONG_BODIES = {
    "one bit changed": bytes([CAPTURED[0] ^ 1]) + CAPTURED[1:],
    "line feed added": CAPTURED + b"\n",
    "brackets decoded": CAPTURED.replace(b"%5B%5D", b"[]"),
    "brackets in lower case": CAPTURED.replace(b"%5B%5D", b"%5b%5d"),
    "fields reordered": b"&".join(reversed(CAPTURED.split(b"&"))),
    "empty": b"",
}


@pytest.mark.parametrize("body", WRONG_BODIES.values(), ids=WRONG_BODIES)
def test_a_changed_body_is_invalid(body: bytes) -> None:
    assert CHECKER.check(body, [CAPTURED_SIGNATURE]) is Signature.INVALID


def test_only_pkcs1_with_sha256_is_accepted() -> None:
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    assert OWN_CHECKER.check(b"body", [own_signature(b"body")]) is Signature.VALID
    assert OWN_CHECKER.check(b"body", [own_signature(b"body", scheme=pss)]) is Signature.INVALID
    assert OWN_CHECKER.check(b"body", [own_signature(b"body", hashes.SHA1())]) is Signature.INVALID  # noqa: S303 - the point
    assert OWN_CHECKER.check(b"body", [own_signature(b"body", hashes.SHA512())]) is Signature.INVALID


@given(header=st.binary(max_size=800), body=st.binary(max_size=200))
def test_no_header_raises(header: bytes, body: bytes) -> None:
    assert CHECKER.check(body, [header]) is Signature.INVALID


def test_the_right_key_may_be_the_second_one(tmp_path: Path) -> None:
    path = tmp_path / "next.pem"
    path.write_bytes(public_pem(OWN_KEY.public_key()))
    checker = signature_checker([path])
    assert checker.check(b"event=newCall", [own_signature(b"event=newCall")]) is Signature.VALID
    assert checker.check(CAPTURED, [CAPTURED_SIGNATURE]) is Signature.VALID
    assert len(set(checker.fingerprints)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key at all",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        public_pem(ec.generate_private_key(ec.SECP256R1()).public_key()),
    ],
    ids=["empty", "text", "broken", "elliptic curve"],
)
def test_a_file_without_rsa_key_stops_the_start_and_names_the_setting(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"^sipgate\.public_key_files: .*key\.pem"):
        signature_checker([path])


def test_a_missing_key_file_stops_the_start_and_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^sipgate\.public_key_files: .*no such file"):
        signature_checker([tmp_path / "absent.pem"])

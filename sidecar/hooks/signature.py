"""Whether sipgate wrote a hook's body: RSA, PKCS#1 v1.5, SHA-256 of its bytes (docs/reference/sipgate.md section 5)."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from sidecar.calls.reasons import because
from sidecar.codes.configuration import Misconfigured
from sidecar.config.sources import at_key
from sidecar.config.values import file_fault
from sidecar.errors import ConfigurationError

SignatureMode = Literal["off", "report", "enforce"]

SIPGATE_KEY = b"""\
-----BEGIN PUBLIC KEY-----
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAvFdlnqRfO5TmqzjtsFVC
qPz+oW+poi3lXQFvMJJMEAtlU4MbX+yuIkgnC+Qt3AQWIK+oWSEQiybg+p39wEMl
16PZxEzf9gONQvTg1XhyHnwqYUFQj/AoxPKGYC3jmdjZ224SrESiTN3CdxoOc3vk
cXiQstYE7SxnksPtzfk0aIOkicim5/tAP9izNQ18/zmX3ChjK2k72gf5dDlq+qZ8
pRiHAPZ64TySH6cLQDhaoh6Nbq8FEG3usXXPClbUMh2DZaTMPafpd+LNuTngJ/y+
KoZasVuFfXAeBqGA6l5d4Uedfr99Z6qjwDrJ8sU4z2Do9bJrbuqP+mOXEebhSI1K
vi8trEfrIt8hnDBGsBaB9NEO3kYxvDT2/PhC9fNYFocjEpZNd7/mUqTJDYlpa4UC
NDQaU+ATdXG8/P5sGAegks6MQTu+qe9XTO0CV48eswDkz6g3UbLOwmrJK59SjD3J
yAZ52sluwyDKRWw/PPTt8BTQLjvkdbiLUlc4ehJ4b1X7D7diYWHDPeFL47cAvaXh
dXVrZDeBJYibvD1jRx4ES0KlfhwzNXBYUoM/Movg9zMM2PzyHHKS//xIjwUC/FJ6
/6eykno0Hy2B1ev6s3hdY6VkN2zd7Wf+EK4DxRliwsg1U99szFE3ewLfexF+Uag5
M+TfPtOUumI/NHMTvsRW9+ECAwEAAQ==
-----END PUBLIC KEY-----
"""
LONGEST_HEADER = 4096  # 684 characters for 4096 bits


class Signature(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    MISSING = "missing"


NOT_CHECKED = "off"  # in the journal, where no signature was looked at


class SignatureChecker:
    """Checks bodies against several keys: sipgate publishes no way to announce a new one."""

    def __init__(self, keys: Sequence[RSAPublicKey]) -> None:
        self._keys = tuple(keys)
        self._padding = PKCS1v15()
        self._hash = SHA256()

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """SHA-256 of each key's DER form, in hex: for the log at the start."""
        return tuple(_fingerprint(key) for key in self._keys)

    def check(self, body: bytes, headers: Sequence[bytes]) -> Signature:
        """What the values of `X-Sipgate-Signature` say of the body as received. One sent twice is wrong."""
        if not headers:
            return Signature.MISSING
        if len(headers) > 1 or len(headers[0]) > LONGEST_HEADER:
            return Signature.INVALID
        try:
            signature = b64decode(headers[0].strip(b" \t"), validate=True)
        except ValueError:
            return Signature.INVALID
        return Signature.VALID if any(self._verifies(key, signature, body) for key in self._keys) else Signature.INVALID

    def _verifies(self, key: RSAPublicKey, signature: bytes, body: bytes) -> bool:
        try:
            key.verify(signature, body, self._padding, self._hash)
        except (InvalidSignature, ValueError):
            return False
        return True


def signature_checker(key_files: Iterable[Path] = ()) -> SignatureChecker:
    """With sipgate's own key first.

    Raises:
        ConfigurationError: a file holds no RSA public key.

    """
    return SignatureChecker([rsa_key(SIPGATE_KEY), *(_key_in(path) for path in key_files)])


def rsa_key(pem: bytes) -> RSAPublicKey:
    """Raises: ValueError."""
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError("no RSA public key in PEM form") from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError("no RSA public key in PEM form")  # noqa: TRY004 - the same fault as any other unusable file
    return key


def _key_in(path: Path) -> RSAPublicKey:
    try:
        return rsa_key(path.read_bytes())
    except OSError as error:
        unreadable = because(Misconfigured.UNREADABLE_PATH, path=str(path), said=file_fault(error))
        raise ConfigurationError(at_key("sipgate.public_key_files", unreadable)) from error
    except ValueError as error:
        no_key = because(Misconfigured.NO_PUBLIC_KEY, path=str(path))
        raise ConfigurationError(at_key("sipgate.public_key_files", no_key)) from error


def _fingerprint(key: RSAPublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

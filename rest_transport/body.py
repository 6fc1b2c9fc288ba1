"""The body of an answer, unpacked as it comes and never larger than memory bears."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import httpx

from rest_transport.errors import AnswerTooLongError, UnreadableAnswerError

MOST_BYTES = 8 * 1024 * 1024  # unpacked; a page of 500 of Zammad's users takes one or two
ACCEPTED = "gzip"  # of `Accept-Encoding`
_GZIP = zlib.MAX_WBITS | 16


class Body:
    """Pieces put together. `encoding` is the header `Content-Encoding`.

    httpx unpacks a piece whole, which a gzip bomb makes a thousand times larger.

    Raises: UnreadableAnswerError, of which AnswerTooLongError is one.
    """

    def __init__(self, encoding: str) -> None:
        self._unpack = _unpacker(encoding.strip().lower())
        self._content = bytearray()

    def add(self, piece: bytes) -> None:
        try:
            self._content += self._unpack(piece, MOST_BYTES + 1 - len(self._content))
        except zlib.error:
            raise UnreadableAnswerError("it is not packed as it says") from None
        if len(self._content) > MOST_BYTES:
            raise AnswerTooLongError(f"it is longer than {MOST_BYTES >> 20} MiB")

    @property
    def content(self) -> bytes:
        return bytes(self._content)


def without_packing(headers: httpx.Headers) -> httpx.Headers:
    """Of an answer whose body is unpacked already."""
    plain = headers.copy()
    for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
        plain.pop(name, None)
    return plain


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """From a piece and how much of it is wanted to that much of the content."""
    match encoding:
        case "" | "identity":
            return lambda piece, _most: piece
        case "gzip" | "x-gzip":
            return zlib.decompressobj(_GZIP).decompress
        case "deflate":
            return zlib.decompressobj().decompress
        case _:
            raise UnreadableAnswerError("it is packed in a way that was not asked for")

"""Bodies of answers: unpacked as they come, and never more of them than memory bears."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import repeat

import httpx
import pytest
import respx

from rest_transport.body import MOST_BYTES, Body
from rest_transport.errors import UnreadableAnswerError
from tests.zammad_client.recorded import some_zammad
from zammad_client.errors import ZammadError, ZammadUnavailableError
from zammad_client.oauth import OAuthProvider

TEXT = "Grüße ".encode() * 1000
PACKED = {"": TEXT, "identity": TEXT, "gzip": gzip.compress(TEXT), " GZIP ": gzip.compress(TEXT)} | {
    "deflate": zlib.compress(TEXT)
}
BOMB = gzip.compress(bytes(64 << 20))  # 64 MiB in 64 kB


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_body_comes_out_as_it_was_packed_whatever_the_pieces(encoding: str, size: int) -> None:
    body = Body(encoding)
    for begin in range(0, len(PACKED[encoding]), size):
        body.add(PACKED[encoding][begin : begin + size])
    assert body.content == TEXT


def test_a_bomb_is_unpacked_no_further_than_an_answer_may_be_long() -> None:
    body = Body("gzip")
    with pytest.raises(UnreadableAnswerError, match="longer than 8 MiB"):
        body.add(BOMB)
    assert len(body.content) == MOST_BYTES + 1


def test_a_body_of_just_the_largest_size_is_read() -> None:
    body = Body("")
    body.add(bytes(MOST_BYTES))
    assert len(body.content) == MOST_BYTES
    with pytest.raises(UnreadableAnswerError):
        body.add(b"0")


class Endless(httpx.SyncByteStream):
    """Says how much of it was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in repeat(b" " * 65_536):
            self.taken += len(piece)
            yield piece


@respx.mock
@pytest.mark.anyio
@pytest.mark.parametrize("status", [200, 500])
async def test_an_answer_without_an_end_is_left_and_said_to_be_too_long(status: int) -> None:
    stream = Endless()
    respx.route().mock(side_effect=lambda _request: httpx.Response(status, stream=stream))
    with pytest.raises(ZammadError, match="longer than 8 MiB"):
        await some_zammad().setting(1)
    assert stream.taken <= 3 * (MOST_BYTES + 65_536)  # a read is tried three times


@respx.mock
@pytest.mark.anyio
async def test_a_bomb_from_the_sign_in_is_left_as_well() -> None:
    headers = {"Content-Encoding": "gzip"}
    respx.route().mock(return_value=httpx.Response(200, headers=headers, stream=httpx.ByteStream(BOMB)))
    provider = OAuthProvider(url="https://zammad.example.com", client_id="id", client_secret="secret")
    with pytest.raises(ZammadUnavailableError, match="longer than 8 MiB"):
        await provider.user_of("token")

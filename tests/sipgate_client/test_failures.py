"""What sipgate's refusals become, and that none of them shows a secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from rest_transport.party import Sent
from sipgate_client import (
    SipgateError,
    SipgateForbiddenError,
    SipgateOutcomeUnknownError,
    SipgateRefusedError,
    SipgateTokenError,
    SipgateUnavailableError,
)
from sipgate_client.failures import failure_of_answer, is_for_classic_alone
from sipgate_client.simulator import SimulatedSipgate
from tests.sipgate_client.accounts import asked

READ, WRITE = Sent(repeatable=True, secrets=("S3CRET",)), Sent(repeatable=False, secrets=("S3CRET",))


@pytest.mark.parametrize(
    ("status", "sent", "kind"),
    [
        (400, WRITE, SipgateRefusedError),
        (401, READ, SipgateTokenError),
        (402, WRITE, SipgateRefusedError),
        (403, READ, SipgateForbiddenError),
        (404, READ, SipgateRefusedError),
        (408, WRITE, SipgateOutcomeUnknownError),
        (429, WRITE, SipgateUnavailableError),
        (500, READ, SipgateUnavailableError),
        (500, WRITE, SipgateOutcomeUnknownError),
        (504, WRITE, SipgateOutcomeUnknownError),
    ],
)
def test_the_status_decides(status: int, sent: Sent, kind: type[SipgateError]) -> None:
    assert type(failure_of_answer(httpx.Response(status), sent)) is kind


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (httpx.Response(400, json={"errors": [{"title": "Bad Request", "detail": "no number"}]}), "no number"),
        (httpx.Response(404, json={"name": "RESOURCE_NOT_FOUND", "message": "no such call"}), "no such call"),
        (httpx.Response(403, text="plain  words"), "plain words"),
        (httpx.Response(502, html="<h1>proxy</h1>"), "Bad Gateway"),
        (httpx.Response(400, json=[1, {"a": 2}]), "Bad Request"),
        (httpx.Response(400, json={"message": "token S3CRET"}), "token …"),
    ],
)
def test_what_sipgate_says_is_found_in_each_of_its_forms(said: httpx.Response, message: str) -> None:
    assert failure_of_answer(said, READ).message == message


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        ("60", 60.0, 60.0),
        ("1", 5.0, 5.0),
        ("", 5.0, 5.0),
        ("soon", 5.0, 5.0),
        pytest.param(
            format_datetime(datetime.now(UTC) + timedelta(days=2), usegmt=True), 86_400.0, 172_800.0, id="a date"
        ),
    ],
)
def test_how_long_to_wait_is_told_in_seconds_or_as_a_date(retry_after: str, least: float, most: float) -> None:
    failure = failure_of_answer(httpx.Response(429, headers={"Retry-After": retry_after}), READ)
    assert least <= (failure.retry_after or 0.0) <= most


def test_the_text_for_the_other_kind_of_account_is_known() -> None:
    text = "This endpoint requires a sipgate Classic PBX Account"
    assert is_for_classic_alone(failure_of_answer(httpx.Response(403, text=text), READ))
    assert not is_for_classic_alone(failure_of_answer(httpx.Response(403, text="insufficient scope"), READ))


@pytest.mark.anyio
async def test_no_secret_stands_in_errors_or_representations() -> None:
    sim = SimulatedSipgate()
    async with asked(sim, token="wrong-token-of-ours") as sipgate:
        with pytest.raises(SipgateTokenError) as refused:
            await sipgate.users()
        shown = f"{sipgate!r}{vars(refused.value)}{refused.value.__context__!r}{refused.value!r}"
    assert "wrong-token-of-ours" not in shown
    assert "Basic" not in shown

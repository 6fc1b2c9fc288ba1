"""What an answer, or the lack of one, becomes: try again, look first, or give up."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_transport.errors import UnreadableAnswerError
from tests.zammad_client.recorded import CTI_TOKEN, answer, some_zammad
from zammad_client import (
    Zammad,
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadRefusedError,
    ZammadUnavailableError,
)
from zammad_client import reading as r

pytestmark = pytest.mark.anyio

EVENT = {"event": "newCall", "direction": "in", "callId": "c-1", "from": "49301234567", "to": "4930600001"}
Verb = Callable[[Zammad], Awaitable[object]]


async def read(zammad: Zammad) -> object:
    return await zammad.user(6)


async def write(zammad: Zammad) -> object:
    await zammad.call_event(CTI_TOKEN, EVENT)
    return None


async def failure_of(verb: Verb) -> ZammadError:
    with pytest.raises(ZammadError) as failed:
        await verb(some_zammad())
    return failed.value


REFUSED = [
    ("bad_token", 401, "Can't find User for Token"),
    ("no_token", 403, "Authentication required"),
    ("weak_settings", 403, "Not authorized (token)!"),
    ("setting_put_weak", 403, "Not authorized"),
    ("user_missing", 404, "Couldn't find User with 'id'=999999"),
    ("user_create_dup", 422, "Email address 'karl@neu.example' is already used for other user."),
    ("attr_user_bool_again", 422, "Object already exists!"),
    ("ticket_create_bad_group", 422, "No lookup value found for 'group': \"Nope\""),
    ("cti_bad_token", 401, "Invalid token, please contact your admin!"),
    ("cti_disabled", 422, "Feature is disabled, please contact your administrator!"),
    ("cti_bad_event", 422, "Error ID 3XYv81u0: Please contact your administrator."),
    ("cti_newcall_again", 500, "Object already exists!"),
]


@respx.mock
@pytest.mark.parametrize("verb", [read, write])
@pytest.mark.parametrize(("name", "status", "message"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_what_zammad_refuses_is_not_asked_again(verb: Verb, name: str, status: int, message: str) -> None:
    route = respx.route().mock(return_value=answer(name))
    failure = await failure_of(verb)
    assert isinstance(failure, ZammadRefusedError)
    assert (failure.status, failure.message) == (status, message)
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("verb", [read, write])
@pytest.mark.parametrize("said", [answer("html_accept"), httpx.Response(404, text="404 page not found")])
async def test_a_refusal_in_words_that_are_not_zammads_came_from_somebody_before_it(
    verb: Verb, said: httpx.Response
) -> None:
    route = respx.route().mock(return_value=said)
    failure = await failure_of(verb)
    assert isinstance(failure, ZammadNotReachedError)
    assert (failure.status, failure.message) == (404, "Not Found")
    assert route.call_count == 1


@respx.mock
async def test_a_row_that_exists_already_is_known_by_the_words_of_newer_versions_too() -> None:
    respx.route().mock(return_value=httpx.Response(500, json={"error": "This object already exists."}))
    assert isinstance(await failure_of(write), ZammadRefusedError)


@respx.mock
async def test_an_unknown_call_is_a_fault_of_zammads_with_its_text() -> None:
    respx.route().mock(return_value=answer("cti_answer_unknown"))
    failure = await failure_of(write)
    assert type(failure) is ZammadUnavailableError
    assert failure.status == 500
    assert failure.message == "Error ID _CZ9_qep: Please contact your administrator."


@respx.mock
@pytest.mark.parametrize("status", [429, 500])
async def test_a_write_that_was_turned_away_may_be_repeated(status: int) -> None:
    respx.route().mock(return_value=httpx.Response(status, headers={"Retry-After": "7"}))
    failure = await failure_of(write)
    assert type(failure) is ZammadUnavailableError
    assert (failure.status, failure.retry_after) == (status, 7.0)


@respx.mock
@pytest.mark.parametrize("status", [408, 502, 504, 521, 530])
async def test_after_an_error_of_the_proxy_nobody_knows_whether_a_write_was_done(status: int) -> None:
    route = respx.route().mock(return_value=httpx.Response(status, html="<h1>nginx</h1>"))
    failure = await failure_of(write)
    assert type(failure) is ZammadOutcomeUnknownError
    assert failure.status == status
    assert "nginx" not in failure.message
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_read_is_asked_three_times(status: int) -> None:
    route = respx.route().mock(return_value=httpx.Response(status))
    failure = await failure_of(read)
    assert type(failure) is ZammadUnavailableError
    assert failure.status == status
    assert route.call_count == 3


@respx.mock
async def test_a_read_succeeds_as_soon_as_zammad_is_back() -> None:
    route = respx.route()
    route.side_effect = [httpx.ConnectError("refused"), httpx.Response(502), answer("user_put")]
    assert (await some_zammad().user(6)).id == 6
    assert route.call_count == 3


@respx.mock
async def test_a_read_that_zammad_wants_later_than_its_deadline_is_not_asked_again() -> None:
    route = respx.route().mock(return_value=httpx.Response(429, headers={"Retry-After": "3600"}))
    failure = await failure_of(read)
    assert failure.retry_after == 3600.0
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("retry_after", ["", "soon", "-1", "²", "Sun, 22 Nov 2026 20:00:00 GMT"])
async def test_an_odd_retry_after_is_overlooked(retry_after: str) -> None:
    headers = [(b"Retry-After", retry_after.encode())]
    respx.route().mock(return_value=httpx.Response(429, headers=headers))
    assert (await failure_of(write)).retry_after is None


NEVER_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
MAYBE_DONE = [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]


@respx.mock
@pytest.mark.parametrize("error", NEVER_SENT)
async def test_a_write_that_found_no_connection_may_be_repeated(error: type[Exception]) -> None:
    route = respx.route().mock(side_effect=error)
    assert type(await failure_of(write)) is ZammadUnavailableError
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("error", MAYBE_DONE)
async def test_a_write_whose_connection_broke_has_an_unknown_outcome(error: type[Exception]) -> None:
    route = respx.route().mock(side_effect=error)
    failure = await failure_of(write)
    assert type(failure) is ZammadOutcomeUnknownError
    assert failure.status is None
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize("error", [*NEVER_SENT, *MAYBE_DONE])
async def test_a_read_whose_connection_broke_is_asked_again(error: type[Exception]) -> None:
    route = respx.route().mock(side_effect=error)
    assert type(await failure_of(read)) is ZammadUnavailableError
    assert route.call_count == 3


@respx.mock
async def test_a_redirect_is_not_followed_and_says_what_to_look_at() -> None:
    respx.route().mock(return_value=httpx.Response(301, headers={"Location": "https://elsewhere.example/"}))
    failure = await failure_of(read)
    assert isinstance(failure, ZammadRefusedError)
    assert "is the URL of Zammad right?" in failure.message


async def test_a_name_that_is_not_a_header_is_refused_without_being_sent() -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        zammad = some_zammad(f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(ZammadRefusedError):
            await zammad.tickets.create_article({}, on_behalf_of="jane\r\nX-Evil: 1")
        connection, _ = server.accept()
        with contextlib.closing(connection):
            assert connection.recv(1) == b""


@respx.mock
async def test_zammads_words_are_one_line_of_bounded_length() -> None:
    respx.route().mock(return_value=httpx.Response(422, json={"error": "much\r\n\ttext " * 1000}))
    failure = await failure_of(read)
    assert failure.message.startswith("much text much text")
    assert len(failure.message) == 500


ODD = [
    httpx.Response(200, html="<h1>maintenance</h1>"),
    httpx.Response(200, content=b""),
    httpx.Response(200, content=b"\xff\xfe\x00"),
    httpx.Response(200, content=b"[" * 100_000),
    httpx.Response(200, json=[]),
    httpx.Response(200, json=None),
    httpx.Response(200, json="ok"),
    httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")),
    httpx.Response(200, headers={"Content-Encoding": "br"}, stream=httpx.ByteStream(b"anything")),
    httpx.Response(200, content=b'{"id":' + b"9" * 5000 + b"}"),
]


@respx.mock
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_an_answer_nobody_can_read_is_an_error_of_ours(odd: httpx.Response) -> None:
    respx.route().mock(return_value=odd)
    assert type(await failure_of(read)) is ZammadUnavailableError
    assert type(await failure_of(write)) is ZammadOutcomeUnknownError


LISTS: list[Verb] = [
    lambda z: z.users_page(1),
    lambda z: z.recent_users(1),
    lambda z: z.users_with_permission("cti.agent"),
    lambda z: z.organizations_page(1),
    lambda z: z.recent_organizations(1),
    lambda z: z.settings(),
    lambda z: z.attributes(),
    lambda z: z.call_log(),
    lambda z: z.tickets.search({}),
]


@respx.mock
@pytest.mark.parametrize("verb", LISTS)
@pytest.mark.parametrize("body", [{}, [{"id": True}], 7])
async def test_something_else_than_a_list_is_never_an_empty_list(verb: Verb, body: Any) -> None:
    respx.route().mock(return_value=httpx.Response(200, json=body))
    assert type(await failure_of(verb)) is ZammadUnavailableError


@respx.mock
async def test_a_server_that_tells_no_time_has_none() -> None:
    respx.route().mock(return_value=httpx.Response(200, json={}))
    assert await some_zammad().server_time() is None


@respx.mock
async def test_a_time_nobody_can_read_is_an_error_of_ours() -> None:
    respx.route().mock(return_value=httpx.Response(200, headers={"Date": "yesterday"}, json={}))
    assert type(await failure_of(lambda zammad: zammad.server_time())) is ZammadUnavailableError


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
NAMES = st.sampled_from(
    ["id", "login", "name", "updated_at", "created_at", "preferences", "role_ids", "state_current", "list", "tags"]
)
ANYTHING = st.recursive(
    SCALARS | st.just("2026-11-22T19:38:12.778Z") | st.just("0001-01-01T00:00:00+14:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=10),
)
READERS: list[Callable[[Any], object]] = [
    r.user_from,
    r.organization_from,
    r.setting_from,
    r.call_log_from,
    r.attribute_from,
    r.ticket_from,
    r.article_from,
    r.acknowledged,
    r.list_of(r.user_from),
]


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=40)
@given(value=ANYTHING)
def test_any_json_is_read_or_called_unreadable(reader: Callable[[Any], object], value: Any) -> None:
    with contextlib.suppress(UnreadableAnswerError):
        reader(json.loads(json.dumps(value)))


ODD_TEXT = '{"id":1,"login":"a\\u0000b","updated_at":"2026-01-01T00:00:00Z","note":"\\ud800x","\\u0000":"y"}'


def test_what_databases_refuse_is_replaced_in_texts() -> None:
    user = r.user_from(json.loads(ODD_TEXT))
    assert user.login == "a\N{REPLACEMENT CHARACTER}b"
    assert user.texts["note"].endswith("x")
    setting = {"id": 1, "name": "n", "state_current": {"value": json.loads(f"[NaN, {ODD_TEXT}]")}}
    kept = json.dumps(r.setting_from(setting).value, ensure_ascii=False, allow_nan=False)
    assert "\0" not in kept
    kept.encode()


def test_an_id_no_database_can_hold_is_none() -> None:
    row = json.loads(ODD_TEXT) | {"id": 2**63}
    with pytest.raises(UnreadableAnswerError):
        r.user_from(row)
    assert r.user_from(row | {"id": 2**63 - 1, "organization_id": 2**63, "role_ids": [1, -(2**70)]}).role_ids == (1,)


@respx.mock
async def test_a_proxy_without_a_zammad_behind_it_has_not_passed_a_write_on() -> None:
    respx.route().mock(return_value=httpx.Response(503, html="Service Temporarily Unavailable"))
    error = await failure_of(write)
    assert (type(error), error.is_down) == (ZammadUnavailableError, True)


@respx.mock
@pytest.mark.parametrize(
    ("answer_or_fault", "is_down"),
    [
        (httpx.Response(502), True),
        (httpx.Response(503), True),
        (httpx.Response(504), False),
        (httpx.Response(500, json={"error": "Error ID x: Please contact your administrator."}), False),
        (httpx.ConnectError("refused"), True),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.ReadTimeout("slow"), False),
        (httpx.ReadError("cut"), False),
    ],
)
async def test_down_is_said_only_of_a_zammad_that_is_not_there(
    answer_or_fault: httpx.Response | Exception, *, is_down: bool
) -> None:
    respx.route().mock(side_effect=lambda _request: _given(answer_or_fault))
    assert (await failure_of(write)).is_down is is_down


def _given(answer_or_fault: httpx.Response | Exception) -> httpx.Response:
    if isinstance(answer_or_fault, Exception):
        raise answer_or_fault
    return answer_or_fault

"""Hooks read from their forms: recorded ones, spelled otherwise, and rubbish."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.sipgate.events import (
    Answered,
    CallEvent,
    Direction,
    HungUp,
    KeysPressed,
    NewCall,
    Unreadable,
    read_hook,
)
from sidecar.calls.sipgate.form import Form, field_count
from tests.sentences import said
from tests.sipgate_recordings import recorded_hook, recorded_hooks

FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def read(body: bytes | str, side: str = "in", content_type: str | None = FORM) -> CallEvent | Unreadable:
    raw = body.encode() if isinstance(body, str) else body
    return read_hook(raw, content_type=content_type, path_direction=Direction(side))


def recorded(name: str) -> CallEvent | Unreadable:
    hook = recorded_hook(name)
    return read(hook.body, hook.direction or "in", hook.content_type)


def new_call(body: bytes | str, side: str = "in") -> NewCall:
    event = read(body, side)
    assert isinstance(event, NewCall)
    return event


def test_the_captured_hook_is_read_whole() -> None:
    call_id = "54566B150B0C0D3A5D534D5F565D7C5F54535A5C5B53525A7E5B5D5745504457444C425D5057"
    assert recorded("captured_newcall_in_signed") == NewCall(
        call_id=call_id,
        orig_call_id=None,
        fresh=True,  # origCallId repeats callId
        xcid="8419b3450b75cd19",
        direction=Direction.IN,
        caller="491776249000",
        callee="4928559389086",
        users=(),  # user[] is there and empty
    )


def test_a_forwarded_leg_is_read_whole() -> None:
    assert recorded("faq_transfer_3_newcall_marty") == NewCall(
        call_id="21102015",
        orig_call_id="12111955",
        xcid="aa00000000000001",
        direction=Direction.IN,
        caller="491713920010",
        callee="493023125011",
        users=("Marty",),
        user_ids=("w2",),
        full_user_ids=("1234567w2",),
        diversion="493023125010",
    )


def test_an_answer_is_read_whole() -> None:
    assert recorded("faq_transfer_4_answer_marty") == Answered(
        call_id="21102015",
        orig_call_id="12111955",
        xcid="aa00000000000001",
        direction=Direction.IN,
        caller="491713920010",
        callee="493023125011",
        user="Marty",
        user_id="w2",
        full_user_id="1234567w2",
        diversion="493023125010",
    )


def test_a_minimal_hangup_has_no_direction_of_its_own() -> None:
    assert recorded("issue55_hangup_congestion_minimal") == HungUp(
        call_id="8440375548925316618", posted_to=Direction.IN, cause="congestion"
    )


@pytest.mark.parametrize(
    ("name", "digits"), [("doc_dtmf_digit", "1"), ("issue144_dtmf_without_digits_key", None)], ids=["1", "none"]
)
def test_keys_pressed_are_text_or_none(name: str, digits: str | None) -> None:
    event = recorded(name)
    assert isinstance(event, KeysPressed)
    assert event.digits == digits


UNREADABLE = {
    "doc_legacy_2014_no_event": "no event",
    "nodetest_newcall_signed_qs_indices": "no callId",
    "syn_unknown_event_hold": "unknown event: hold",
    "syn_newcall_markup_and_crlf_injection": "callId has control characters or more than 500 characters",
}


def test_all_recorded_hooks_but_four_are_readable() -> None:
    reasons = {}
    for hook in recorded_hooks():
        event = read(hook.body, hook.direction or "in", hook.content_type)
        if isinstance(event, Unreadable):
            reasons[hook.name] = said(event.reason)
    assert reasons == UNREADABLE


@pytest.mark.parametrize(
    "key", ["user[]", "user%5B%5D", "user%5b%5d", "user", "user[0]", "user[][0]", "user%5B%5D%5B1%5D"]
)
def test_every_spelling_of_a_list_is_the_same_field(key: str) -> None:
    call = new_call(f"event=newCall&callId=1&{key}=Alice&{key}=J%C3%B6rg+M%20x")
    assert call.users == ("Alice", "Jörg M x")


def test_names_that_only_look_alike_are_other_fields() -> None:
    assert new_call("event=newCall&callId=1&users[]=a&User=b&userIdx=c&x[user]=d").users == ()


def test_eight_users_stay_in_order() -> None:
    event = recorded("syn_newcall_in_group_of_eight")
    assert isinstance(event, NewCall)
    assert event.user_ids == tuple(f"w{number}" for number in range(8))


@pytest.mark.parametrize("lists", ["user=Jane&userId=w0&fullUserId=1w0", "user[]=Jane&userId[]=w0&fullUserId[]=1w0"])
def test_an_answer_takes_lists_too(lists: str) -> None:
    event = read(f"event=answer&callId=1&{lists}&user[]=Second")
    assert event == Answered(call_id="1", direction=Direction.IN, user="Jane", user_id="w0", full_user_id="1w0")


@pytest.mark.parametrize(
    ("body", "side", "direction"),
    [
        ("direction=out", "in", Direction.OUT),
        ("direction=in", "out", Direction.IN),
        ("", "out", Direction.OUT),
        ("direction=", "in", Direction.IN),
        ("direction=sideways", "out", Direction.OUT),
    ],
)
def test_the_body_says_the_direction_and_the_path_where_it_is_silent(
    body: str, side: str, direction: Direction
) -> None:
    assert new_call(f"event=newCall&callId=1&{body}", side).direction is direction


@pytest.mark.parametrize(
    "content_type",
    [None, "", "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded ; Charset=utf-8", ";charset=x"],
)
def test_a_form_is_known_by_its_type_or_by_none(content_type: str | None) -> None:
    assert isinstance(read("event=newCall&callId=1", content_type=content_type), NewCall)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", "a\r\nb"]
)
def test_another_content_type_is_unreadable(content_type: str) -> None:
    event = read("event=newCall&callId=1", content_type=content_type)
    assert isinstance(event, Unreadable)
    assert said(event.reason).startswith("content type is no form: ")
    assert said(event.reason).isprintable()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "&&&",
        "event=newCall",
        "event=newCall&callId=",
        "event=NEWCALL&callId=1",
        "event=newCall%00&callId=1",
        "event=newCall&callId=a%00b",
        "event=newCall&callId=a%0D%0Ab",
        "event=newCall&callId=a%C2%85b",
        "event=newCall&callId=a%E2%80%A8b",
        "event=newCall&callId=" + "1" * 501,
        "event=newCall&callId=1" + "&x=1" * 199,
        '{"event": "newCall", "callId": "1"}',
        "event=%0D%0Ahold&callId=1",
    ],
)
def test_what_is_no_call_event_is_unreadable_for_a_printable_reason(body: str) -> None:
    event = read(body)
    assert isinstance(event, Unreadable)
    assert said(event.reason).isprintable()


@pytest.mark.parametrize("call_id", ["1", "4991155921769858278-1", "A" * 136, "ü", "a b", "<x>&'\""])
def test_a_call_id_is_opaque_text(call_id: str) -> None:
    assert new_call(urlencode({"event": "newCall", "callId": call_id})).call_id == call_id


def test_links_that_could_be_no_keys_are_left_out() -> None:
    call = new_call("event=newCall&callId=1&origCallId=a%0Ab&xcid=" + "x" * 501)
    assert (call.orig_call_id, call.xcid) == (None, None)


@pytest.mark.parametrize(
    ("written", "caller"),
    [
        ("%2B491713920001", "+491713920001"),
        ("+491713920001", "491713920001"),  # the plus of a form is a blank
        ("00491713920001", "00491713920001"),
        ("anonymous", "anonymous"),
        ("", ""),
        ("1452406e0", "1452406e0"),
        ("a%00b", "a\N{REPLACEMENT CHARACTER}b"),
        ("%FF", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_numbers_are_kept_as_sent(written: str, caller: str) -> None:
    assert new_call(f"event=newCall&callId=1&from={written}").caller == caller


def test_of_a_field_sent_twice_the_first_with_a_value_counts() -> None:
    assert new_call("event=newCall&event=hangup&callId=1&callId=2&from=&from=4930").caller == "4930"


def test_bytes_that_are_not_encoded_are_read_as_utf_8() -> None:
    assert new_call("event=newCall&callId=1&user[]=Jörg".encode()).users == ("Jörg",)


def test_unknown_fields_of_neo_do_not_matter() -> None:
    assert new_call("event=newCall&callId=1&channelId=c-1&platform=NEO") == NewCall(call_id="1", direction=Direction.IN)


@pytest.mark.parametrize(("body", "count"), [(b"", 0), (b"a=1", 1), (b"a=1&b=2", 2), (b"&", 2), (b"a&" * 200, 201)])
def test_fields_are_counted_with_the_empty_ones(body: bytes, count: int) -> None:
    assert field_count(body) == count


@given(body=st.binary(max_size=300), content_type=st.one_of(st.none(), st.text(max_size=30)))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    event = read(body, content_type=content_type)
    assert not isinstance(event, Unreadable) or said(event.reason)


@given(pairs=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=8)), max_size=8))
def test_a_form_is_read_like_the_standard_library_reads_it(pairs: list[tuple[str, str]]) -> None:
    body = urlencode(pairs, errors="replace")
    form = Form(body.encode())
    for name in {key.partition("[")[0] for key, _ in pairs}:
        expected = [value for key, value in parse_qsl(body, errors="replace") if key.partition("[")[0] == name]
        assert form.every(name) == tuple(value.replace("\0", "\N{REPLACEMENT CHARACTER}") for value in expected)


@given(
    names=st.lists(
        st.text(min_size=1, max_size=10, alphabet=st.characters(exclude_categories=["Cs", "Cc"])), max_size=10
    )
)
def test_users_come_back_as_they_were_sent(names: list[str]) -> None:
    fields = [("event", "newCall"), ("callId", "1"), *(("user[]", name) for name in names)]
    assert new_call(urlencode(fields)).users == tuple(names)

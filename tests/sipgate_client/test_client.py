"""What is read of an account of either kind, and how a call is begun: against the simulated one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sipgate_client import Sipgate, SipgateForbiddenError, SipgateOutcomeUnknownError, SipgateRefusedError
from sipgate_client.records import EntryType, Kind
from sipgate_client.simulator import SimulatedSipgate, seeds
from tests.places import ROOT
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio

MORNING = datetime(2026, 9, 28, 7, 0, tzinfo=UTC)
NOON = MORNING + timedelta(hours=5)


@pytest.mark.parametrize("kind", Kind)
async def test_the_kind_of_account_is_found_out(kind: Kind) -> None:
    async with asked(SimulatedSipgate(kind)) as sipgate:
        assert await sipgate.kind() is kind


async def test_a_missing_scope_does_not_make_an_account_neo() -> None:
    sim = SimulatedSipgate()
    sim.scopes = frozenset({"users:read"})
    async with asked(sim) as sipgate:
        with pytest.raises(SipgateForbiddenError):
            await sipgate.kind()


async def test_people_their_phones_and_lines() -> None:
    async with asked(SimulatedSipgate()) as sipgate:
        assert (await sipgate.token_owner()).master_sip_id == "1234567"
        assert [user.name for user in await sipgate.users()] == ["Nina Braun", "Tom Weiss"]
        assert [device.id for device in await sipgate.devices("w0", kind=Kind.CLASSIC)] == ["e0", "y0"]
        assert [line.alias for line in await sipgate.phone_lines("w0")] == ["Nina"]
        assert [number.endpoint_id for number in await sipgate.numbers()] == ["g0", "p0", ""]


async def test_sip_passwords_are_in_no_record() -> None:
    async with asked(SimulatedSipgate()) as sipgate:
        assert seeds.PASSWORD not in repr(await sipgate.devices("w0", kind=Kind.CLASSIC))


async def test_numbers_come_from_all_pages() -> None:
    sim = SimulatedSipgate()
    sim.numbers = [{**seeds.NUMBERS[0], "number": f"+4930231250{index:03}"} for index in range(250)]
    async with asked(sim) as sipgate:
        assert len(await sipgate.numbers()) == 250


async def test_neo_tells_its_channels_and_the_apps_among_phones() -> None:
    sim = SimulatedSipgate(Kind.NEO)
    async with asked(sim) as sipgate:
        assert (await sipgate.channels())[0].user_ids == ("w0", "w1")
        await sipgate.devices("w0", kind=Kind.NEO)
    assert sim.requests[-1].query == "type=all"


async def test_history_comes_whole_with_what_was_archived_and_each_entry_once() -> None:
    sim = SimulatedSipgate()
    for minute in range(250):
        at = MORNING + timedelta(minutes=minute)
        sim.add_call(created=at.isoformat(), archived=minute % 10 == 0)
    sim.add_call(created=(NOON + timedelta(hours=1)).isoformat())
    async with asked(sim) as sipgate:
        entries = await sipgate.history(since=MORNING, until=NOON)
    assert [entry.created for entry in entries] == [MORNING + timedelta(minutes=minute) for minute in range(250)]


async def test_what_is_not_used_of_an_entry_cannot_make_it_unreadable() -> None:
    sim = SimulatedSipgate()
    sim.add_call(lastModified="yesterday", status=None, note=7, labels=None)
    async with asked(sim) as sipgate:
        assert len(await sipgate.history(since=MORNING, until=NOON)) == 1


async def test_a_forwarded_call_was_talked_at_where_it_went() -> None:
    sim = SimulatedSipgate()
    ways = [{"type": how, "endpoint": {"extension": whose}} for how, whose in (("ROUTED", "p1"), ("FORWARDED", "e0"))]
    sim.add_call(status="FORWARD", endpoints=ways)
    sim.add_call(status="FORWARD", endpoints=ways, callStatus="MISSED")
    async with asked(sim) as sipgate:
        talked, missed = await sipgate.history(since=MORNING, until=NOON)
    assert (talked.picked_up_by, missed.picked_up_by) == ("e0", "")


async def test_an_entry_says_who_talked_how_long_and_on_which_line() -> None:
    sim = SimulatedSipgate()
    sim.add_call()
    sim.add_voicemail(transcription="Bitte um Rückruf.")
    async with asked(sim) as sipgate:
        call, voicemail = await sipgate.history(since=MORNING, until=NOON)
    assert (call.type, call.lines, call.picked_up_by, call.duration) == (EntryType.CALL, ("g0",), "e0", 192.0)
    assert (voicemail.type, voicemail.call_id, voicemail.transcription) == (
        EntryType.VOICEMAIL,
        "",
        "Bitte um Rückruf.",
    )
    assert "secret-" not in repr(voicemail)


async def test_hook_urls_are_written_with_all_else_as_it_was() -> None:
    sim = SimulatedSipgate()
    async with asked(sim) as sipgate:
        before = await sipgate.hook_settings()
        await sipgate.write_hook_urls(before, incoming_url="https://z.example/in", outgoing_url="https://z.example/out")
    assert sim.hook_settings == {
        **seeds.HOOK_SETTINGS,
        "incomingUrl": "https://z.example/in",
        "outgoingUrl": "https://z.example/out",
    }


@pytest.mark.parametrize("kind", Kind)
async def test_a_call_rings_at_the_device_and_says_by_which_id_its_hooks_come(kind: Kind) -> None:
    sim = SimulatedSipgate(kind)
    async with asked(sim) as sipgate:
        session_id = await sipgate.call(device_id="e0", callee="491713920010", kind=kind)
    assert [(call["device"], call["session_id"]) for call in sim.calls] == [("e0", session_id)]


async def test_a_call_whose_answer_was_lost_may_ring_and_is_not_begun_again() -> None:
    sim = SimulatedSipgate()
    sim.faults.lose_answers(path="/sessions/calls")
    async with asked(sim) as sipgate:
        with pytest.raises(SipgateOutcomeUnknownError):
            await sipgate.call(device_id="e0", callee="491713920010", kind=Kind.CLASSIC)
    assert len(sim.calls) == 1


async def test_neos_refusal_comes_in_its_words() -> None:
    async with asked(SimulatedSipgate(Kind.NEO)) as sipgate:
        with pytest.raises(SipgateRefusedError, match="Invalid invitable device"):
            await sipgate.call(device_id="y0", callee="491713920010", kind=Kind.NEO)


async def test_a_recording_is_fetched_without_our_token() -> None:
    sim = SimulatedSipgate()
    async with asked(sim) as sipgate:
        entry = sim.add_voicemail(b"ID3 hello", base_url=sipgate._url.removesuffix("/v2"))
        recording = await sipgate.recording(entry["id"])
    assert (recording.media_type, recording.content) == ("audio/mpeg", b"ID3 hello")
    assert not sim.requests[-1].authorized


async def test_a_recording_elsewhere_without_https_is_not_fetched() -> None:
    sim = SimulatedSipgate()
    entry = sim.add_voicemail(base_url="http://127.0.0.1:9")
    async with asked(sim) as sipgate:
        with pytest.raises(SipgateRefusedError, match="nothing is fetched from") as refused:
            await sipgate.recording(entry["id"])
    assert "secret-" not in str(refused.value)


async def test_a_recording_that_is_gone_is_refused() -> None:
    sim = SimulatedSipgate()
    entry = sim.add_voicemail(None)
    async with asked(sim) as sipgate:
        with pytest.raises(SipgateRefusedError) as refused:
            await sipgate.recording(entry["id"])
    assert refused.value.status == 404


def test_the_client_has_no_verb_that_deletes() -> None:
    """The transport has one: Zammad's client needs it."""
    assert not [name for name in dir(Sipgate) if "delete" in name.lower()]
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "sipgate_client").glob("*.py")]
    assert not [source for source in sources if ".delete(" in source]

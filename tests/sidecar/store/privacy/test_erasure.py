"""After an erasure nothing tells of the number or the person, and everything else is as it was."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select, text

from sidecar.errors import StoreError
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import call_words, conversations
from sidecar.store.database import Database
from sidecar.store.journal.tables import hooks
from sidecar.store.metadata import metadata
from sidecar.store.missed.tables import missed_calls
from sidecar.store.people.people import write_people
from sidecar.store.people.tables import people
from sidecar.store.privacy.erasure import erase
from sidecar.store.privacy.subjects import about_number, about_person, export
from sidecar.store.privacy.traces import Subject, Traces, text_of
from sidecar.store.replicas.snapshots import load_snapshot
from sidecar.sync.records import Reader, person_from
from tests.sidecar.store.journal.hook_rows import NEW_CALL, keep
from tests.sidecar.store.privacy.seeding import ERIKA, NOW, OTTO, ended_call, fold, ring, seed
from tests.sidecar.sync.people_of_zammad import user


def everything(database: Database) -> str:
    with database.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).mappings()]
    return "\n".join(text_of(dict(row)) for row in rows)


def counts(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def erased_number(database: Database, digits: str) -> Traces:
    with database.reading() as connection:
        subject, _ = about_number(connection, digits)
    return erase(database, subject, now=NOW)


def subject_of_person(database: Database, person_id: int) -> Subject:
    with database.reading() as connection:
        return about_person(connection, person_id)[0]


def test_no_spelling_of_the_number_is_left(database: Database) -> None:
    seed(database)
    before = everything(database)
    assert ERIKA in before
    assert "030/1234567" in before
    erased = erased_number(database, ERIKA)
    assert len(erased.calls) == 5
    after = everything(database)
    for spelling in (ERIKA, "1234567", ERIKA[::-1]):
        assert spelling not in after
    assert not erased_number(database, ERIKA), "nothing more to do"


def test_the_calls_of_others_stay(database: Database) -> None:
    seed(database)
    before = everything(database).count(OTTO)
    erased_number(database, ERIKA)
    assert everything(database).count(OTTO) == before
    kept = counts(database)
    assert (kept["conversations"], kept["hooks"], kept["missed_calls"]) == (5, 10, 1)


def test_the_other_numbers_of_the_person_stay_until_zammad_says_otherwise(database: Database) -> None:
    seed(database)
    with database.reading() as connection:
        _, [holder] = about_number(connection, ERIKA)
    erased_number(database, ERIKA)
    with database.reading() as connection:
        row = connection.execute(select(people).where(people.c.id == 42)).one()
    assert (holder.kind, holder.id, holder.name) == ("user", 42, "Erika Mustermann")
    assert (row.phone, row.mobile, row.read_as) == ("…", "+49 (0)171 9876543", ""), "read anew by the next pass"
    assert row.cti_numbers == row.cti_numbers_wanted, "nothing of it is written back to Zammad"


def test_a_number_in_a_note_or_a_rule_is_taken_out_and_the_rest_stays(database: Database) -> None:
    seed(database, calls=1)
    with database.writing() as connection:
        connection.execute(missed_calls.update().values(note="call back on +49 (30) 123 4567, urgent"))
    erased_number(database, ERIKA)
    with database.reading() as connection:
        assert connection.execute(select(missed_calls.c.note)).scalars().all() == ["call back on …, urgent"]
        blocked = load_snapshot(connection, "blocked")
    assert blocked is not None
    assert (blocked.value[0]["pattern"], blocked.value[1]["pattern"], blocked.version) == ("…", OTTO, 2)


def test_hooks_that_became_no_call_are_found_too(database: Database) -> None:
    keep(database, replace(NEW_CALL, event=None, body=b"x=%2B49+30+1234567"))
    assert len(erased_number(database, ERIKA).hooks) == 1
    assert counts(database)["hooks"] == 0


def test_a_call_that_was_forwarded_to_the_number_goes_too(database: Database) -> None:
    keep(database, replace(NEW_CALL, body=b"event=newCall&callId=c-1&diversion=" + ERIKA.encode()))
    fold(database)
    assert len(erased_number(database, ERIKA).calls) == 1
    assert ERIKA not in everything(database)


def test_a_person_goes_with_calls_numbers_and_name(database: Database) -> None:
    seed(database)
    erase(database, subject_of_person(database, 42), now=NOW)
    after = everything(database)
    for trace in (ERIKA, "Mustermann", "mustermann", "9876543"):
        assert trace not in after
    with database.reading() as connection:
        assert connection.execute(select(people.c.id)).scalars().all() == [43]


def test_a_number_that_somebody_else_has_as_well_stays(database: Database) -> None:
    seed(database, calls=1)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (:digits, 43, 'mobile')"), {"digits": ERIKA})
    assert ERIKA not in subject_of_person(database, 42).numbers


@pytest.mark.parametrize("name", ["Ada Ahrens", "Ahrens"])
def test_of_a_number_of_several_customers_one_goes_and_the_others_stay(database: Database, name: str) -> None:
    shared = "4940111222"
    with database.writing() as connection:
        names = {51: name, 52: "Bea Brandt"}
        people = [user(number, name, phone=f"+{shared}") for number, name in names.items()]
        write_people(connection, [person_from(one, is_agent=False, reader=Reader(country="DE")) for one in people])
    ring(database, "shared", shared)
    fold(database, now=NOW + 60)
    with database.reading() as connection:
        (before,) = listed_calls(connection, [1]).values()
    assert before.several == (name, "Bea Brandt")
    erase(database, subject_of_person(database, 51), now=NOW)
    with database.reading() as connection:
        (after,) = listed_calls(connection, [1]).values()
        words = set(connection.execute(select(call_words.c.word)).scalars())
    assert after.several == ("Bea Brandt",)
    assert "ahrens" not in words
    assert "brandt" in words
    assert "Ahrens" not in everything(database)


def test_whoever_was_perhaps_calling_is_named_no_more(database: Database) -> None:
    with database.writing() as connection:
        people = [user(51, "Ahrens", phone="33 1 23 45 67 89")]
        write_people(connection, [person_from(one, is_agent=False, reader=Reader(country="DE")) for one in people])
    ring(database, "doubtful", "33123456789")
    fold(database, now=NOW + 60)
    with database.reading() as connection:
        assert listed_calls(connection, [1])[1].perhaps == ("Ahrens",)
    erase(database, subject_of_person(database, 51), now=NOW)
    assert "Ahrens" not in everything(database)
    assert "ahrens" not in everything(database)
    assert counts(database)["conversations"] == 1


def test_of_a_colleague_the_calls_stay_without_the_name(database: Database) -> None:
    with database.writing() as connection:
        call = ended_call(connection, at=NOW)
        connection.execute(
            text("INSERT INTO call_agents (conversation_id, agent_id) VALUES (:call, 43)"), {"call": call}
        )
        connection.execute(
            conversations.update().values(agent="Otto Normal", agent_id=43, story=[{"user": "Otto Normal"}])
        )
        row = dict.fromkeys((column.name for column in people.columns), "")
        flags = {"active": True, "is_agent": True, "blocked": False, "phone_switch": True, "numbers_in_note": False}
        own = {"id": 43, "name": "Otto Normal", "organization_id": None, "unreadable": None, "updated_at": NOW}
        connection.execute(insert(people).values({**row, **flags, **own}))
    erase(database, subject_of_person(database, 43), now=NOW)
    with database.reading() as connection:
        kept = connection.execute(select(conversations)).one()
        words = set(connection.execute(select(call_words.c.word)).scalars())
    assert (kept.agent, kept.agent_id, kept.story, kept.number) == (None, None, [{"user": "…"}], ERIKA)
    assert "normal" not in words
    assert counts(database)["call_agents"] == 0


def test_what_cannot_be_erased_is_said(database: Database) -> None:
    seed(database, calls=1)
    what_stands_in_its_place = Subject(by_number=re.compile(f"…|{ERIKA}"))
    with pytest.raises(StoreError, match="more is written"):
        erase(database, what_stands_in_its_place, now=NOW)


def test_export_shows_what_erase_would_take(database: Database) -> None:
    seed(database, calls=2)
    with database.reading() as connection:
        subject, _ = about_number(connection, ERIKA)
        kept = export(connection, subject)
    assert [call["number"] for call in kept["calls"]] == [ERIKA, ERIKA]
    assert [len(call["hooks"]) for call in kept["calls"]] == [2, 2]
    assert f"from={ERIKA}" in kept["calls"][0]["hooks"][0]["body"]
    assert kept["people"][0]["name"] == "Erika Mustermann"
    assert kept["snapshots"] == [{**kept["snapshots"][0], "value": [{"pattern": ERIKA, "reason": "Erika Mustermann"}]}]
    assert OTTO not in str(kept)


def test_export_changes_nothing(database: Database) -> None:
    seed(database, calls=1)
    before = counts(database)
    with database.reading() as connection:
        export(connection, about_number(connection, ERIKA)[0])
    assert counts(database) == before


def test_hooks_are_gone_with_their_calls(database: Database) -> None:
    seed(database, calls=1)
    erased_number(database, ERIKA)
    with database.reading() as connection:
        assert set(connection.execute(select(hooks.c.caller)).scalars()) == {OTTO}

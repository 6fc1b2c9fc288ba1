"""Search: a number in any spelling, names, and every filter, against a look at each call."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from sidecar.calls.conversation.conversation import State
from sidecar.calls.identification import Recognised
from sidecar.calls.pages.search import CallSearch, terms_of
from sidecar.calls.reasons import as_text, because
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.search import (
    Effort,
    agent_names,
    agents_with_calls,
    find_calls,
    lines_with_calls,
    own_agents_and_lines,
)
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from tests.sidecar.store.calls.saved_calls import (
    JANE,
    MAX,
    NOON,
    Seed,
    add_calls,
    add_organization,
    add_person,
    change_call,
    missed,
    talked,
)

EVERYBODY = Viewer(user_id=1)
PEOPLE = (
    "Erika Mustermann",
    "Otto Müller",
    "Zoë Großkopf",
    "Ana María Núñez",
    "Müller-Lüdenscheidt",
    "Studio 39 Mueller",
)
WRITTEN = ("", "", "müller", "mueller", "m", "030", "39", "0171", "0171\u201339 20 studio", "0 otto", "jane e")

QUEUES = (None, None, frozenset({"4940"}), frozenset[str]())


def found(connection: Connection, written: str, viewer: Viewer = EVERYBODY) -> list[int]:
    search = CallSearch(terms=terms_of(written, "DE"))
    return [call.id for call in find_calls(connection, search, viewer).calls]


@pytest.mark.parametrize(
    "written",
    [
        *("+49 171 3920010", "0171 3920010", "0171/3920010", "00491713920010", "491713920010", "(0171) 39 20"),
        *("3920010", "0171\u20133920010", "0171\xa0392\u20110010", "[0171] 39 20|010"),
    ],
)
def test_a_number_is_found_in_any_spelling_and_by_its_beginning_or_end(database: Database, written: str) -> None:
    with database.writing() as connection:
        call, _ = add_calls(connection, Seed(number="491713920010"), Seed(number="4930555"))
        assert found(connection, written) == [call]


@pytest.mark.parametrize("written", ["muller", "Müller", "MUELLER", "otto mül", "bäckerei otto", "sohn"])
def test_names_are_found_with_and_without_umlauts_by_their_beginnings(database: Database, written: str) -> None:
    with database.writing() as connection:
        add_organization(connection, 2, "Bäckerei Müller & Sohn")
        add_person(connection, 7, "Otto Müller", 2)
        add_person(connection, 8, "Erika Mustermann")
        call, _ = add_calls(connection, Seed(person_id=7, organization_id=2), Seed(number="4930555", person_id=8))
        assert found(connection, written) == [call]


@pytest.mark.parametrize(
    ("organization", "written"),
    [
        *(("Studio 54 GmbH", written) for written in ("Studio 54", "54", "studio 5", "54 GmbH")),
        *(("Mueller & Co", written) for written in ("Müller", "MÜLL", "mueller", "Mu\u0308ller")),
        *(("Möbel-Øst", written) for written in ("Moebel", "mobel", "Möbel-Ø", "oest")),
        ("\u0130stanbul Import", "\u0130stanbul"),
    ],
)
def test_names_with_digits_and_with_umlauts_are_found_in_every_spelling(
    database: Database, organization: str, written: str
) -> None:
    with database.writing() as connection:
        add_organization(connection, 2, organization)
        add_organization(connection, 3, "Halle 45")
        call, _ = add_calls(connection, Seed(organization_id=2), Seed(number="4930555", organization_id=3))
        assert found(connection, written) == [call]


@pytest.mark.parametrize(
    "written",
    ["+49 30 1234 5678 Mueller", "Mueller 030 1234 5678", "Mueller +49 30 1234", "Muell\xa0030\u201312345678"],
)
def test_a_number_in_pieces_beside_a_name_is_one_number(database: Database, written: str) -> None:
    with database.writing() as connection:
        add_person(connection, 7, "Otto Mueller")
        call, _, _ = add_calls(
            connection, Seed(number="493012345678", person_id=7), Seed(number="4912345678", person_id=7), Seed()
        )
        assert found(connection, written) == [call]


def test_two_numbers_are_two_terms() -> None:
    assert len(terms_of("+49 30 1234 +49 40 5678", "DE")) == 2


def test_an_agent_a_sip_id_and_withheld_numbers_are_found(database: Database) -> None:
    with database.writing() as connection:
        jane, sip, withheld = add_calls(
            connection, talked(), Seed(number=None, raw="1452406e0"), Seed(number=None, raw="anonymous")
        )
        assert found(connection, "jane") == [jane]
        assert found(connection, "1452406e0") == [sip]
        assert found(connection, "anonym") == [withheld]


@pytest.mark.parametrize("written", ["withheld", "number withheld", "Unterdrückte Nummer", "unterdrückt", "with"])
def test_withheld_numbers_are_found_by_the_words_for_them(database: Database, written: str) -> None:
    with database.writing() as connection:
        add_person(connection, 7, "Withold Unterdrück")
        named, withheld, silent, _ = add_calls(
            connection, Seed(person_id=7), Seed(number=None, raw="anonymous"), Seed(number=None, raw=""), Seed()
        )
        assert [call for call in found(connection, written) if call != named] == [silent, withheld]


@pytest.mark.parametrize(
    ("state", "agent", "is_found"),
    [
        (None, JANE, False),
        (State.MISSED, JANE, True),
        (State.MISSED, 9, False),
        (State.ENDED, JANE, False),
    ],
)
def test_a_missed_call_is_found_by_whose_phone_rang(
    database: Database, state: State | None, agent: int, *, is_found: bool
) -> None:
    with database.writing() as connection:
        (call,) = add_calls(connection, missed(agents=[JANE, MAX]))
        search = CallSearch(state=state, agent_id=agent)
        assert [each.id for each in find_calls(connection, search, EVERYBODY).calls] == ([call] if is_found else [])


SHARED = {
    "certainty": "several",
    "identified_as": as_text(
        because(
            Recognised.SEVERAL,
            candidates=tuple(
                because(Recognised.PHONE, name=name)
                for name in ("Otto Müller", "Erika Mustermann", "Ana Núñez", "Zoë K")
            ),
        )
    ),
}


@pytest.mark.parametrize("written", ["otto", "Mustermann", "nunez", "zoe"])
def test_a_number_of_several_customers_is_found_by_each_of_them(database: Database, written: str) -> None:
    with database.writing() as connection:
        call, _ = add_calls(connection, missed(extra=SHARED), missed(number="4930555"))
        assert found(connection, written) == [call]


def test_a_call_is_not_found_by_a_name_it_has_no_more(database: Database) -> None:
    with database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
        (call,) = add_calls(connection, Seed(person_id=7))
        change_call(connection, call, Seed(person_id=None))
        assert found(connection, "otto") == []


@pytest.mark.parametrize("many", [20_000, 3])
@pytest.mark.parametrize("window", [8_000, 40])
def test_every_search_finds_what_a_look_at_each_call_finds(database: Database, many: int, window: int) -> None:
    effort = Effort(rare=1, many=many, window=window, out_of_order=5)
    chance = random.Random(window + many)
    with database.writing() as connection:
        for number, name in enumerate(PEOPLE):
            add_person(connection, number, name)
        ids = add_calls(connection, *(_some_call(chance, position) for position in range(300)))
        everything = listed_calls(connection, ids)
        for _ in range(40):
            search = _some_search(chance)
            who, own = chance.choice([JANE, MAX, 9]), chance.random() < 0.4
            viewer = Viewer(user_id=who, only_own=own, queues=chance.choice(QUEUES))
            wanted = [call.id for call in everything.values() if search.fits(call) and viewer.may_see(call)]
            assert _all_pages(connection, search, viewer, effort) == sorted(wanted, reverse=True)


def test_the_choices_of_agents_and_lines_are_those_with_calls(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, talked(), talked(agent=(MAX, "Max Roe")), Seed(line="493099"))
        assert agents_with_calls(connection) == {JANE: "Jane Doe", MAX: "Max Roe"}
        assert lines_with_calls(connection) == ["493023125010", "493099"]


def test_agents_bear_the_names_zammad_has_and_else_those_of_a_call(database: Database) -> None:
    with database.writing() as connection:
        add_person(connection, JANE, "Jane Miller")
        add_person(connection, 17, "Tom Weiß")
        add_calls(connection, talked(), talked(agent=(MAX, "Max Roe")), missed(agents=[17, JANE]))
        assert agents_with_calls(connection) == {JANE: "Jane Miller", MAX: "Max Roe", 17: "Tom Weiß"}
        assert own_agents_and_lines(connection, JANE)[0] == {JANE: "Jane Miller", 17: "Tom Weiß"}
        assert agent_names(connection, [JANE, MAX, 17, 18]) == {
            JANE: "Jane Miller",
            MAX: "Max Roe",
            17: "Tom Weiß",
            18: "18",
        }


def _some_call(chance: random.Random, position: int) -> Seed:
    seed = Seed(
        state=chance.choice(["ended", "missed", "blocked", "not reached"]),
        direction=chance.choice(["in", "in", "out"]),
        number=chance.choice([None, f"4930{chance.randrange(50):03}", "491713920010"]),
        line=chance.choice(["4940", "4941", "4942"]),
        started_at=NOON + position + chance.choice([0, 0, 3, -3]),
        person_id=chance.choice([None, *range(len(PEOPLE))]),
        agents=chance.sample([JANE, MAX, 9], chance.randrange(3)),
        extra={"short_ring": chance.choice([None, False, True])},
    )
    return replace(seed, agent=(seed.agents[0], "Jane Doe")) if seed.agents else seed  # type: ignore[index]


def _some_search(chance: random.Random) -> CallSearch:
    def maybe(*values: object) -> object:
        return chance.choice([None, None, *values])

    return CallSearch(
        terms=terms_of(chance.choice(WRITTEN), "DE"),
        state=maybe(State.MISSED, State.SHORT_RING, State.NOT_REACHED, State.ENDED),  # type: ignore[arg-type]
        direction=maybe("in", "out"),  # type: ignore[arg-type]
        line=maybe("4940", "4999"),  # type: ignore[arg-type]
        agent_id=maybe(JANE, 77),  # type: ignore[arg-type]
        since=maybe(NOON + 60, NOON + 290),  # type: ignore[arg-type]
        until=maybe(NOON + 250, NOON + 100),  # type: ignore[arg-type]
    )


def _all_pages(connection: Connection, search: CallSearch, viewer: Viewer, effort: Effort) -> list[int]:
    ids: list[int] = []
    before: int | None = None
    while True:
        page = find_calls(connection, search, viewer, before=before, limit=7, effort=effort)
        ids += [call.id for call in page.calls]
        if page.next is None:
            return ids
        before = page.next

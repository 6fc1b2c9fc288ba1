from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.reasons import (
    Parameter,
    Reason,
    as_json,
    as_text,
    as_written,
    because,
    reason_in,
    texts_in,
    with_texts,
)

texts = st.text(max_size=20)
plain = texts | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
names = st.text(alphabet="abcdefghij_", min_size=1, max_size=8)


def reasons(parameters: st.SearchStrategy[Parameter]) -> st.SearchStrategy[Reason]:
    return st.builds(
        lambda code, named: Reason(code=code, parameters=named), names, st.dictionaries(names, parameters, max_size=4)
    )


def deeper(inner: st.SearchStrategy[Parameter]) -> st.SearchStrategy[Parameter]:
    return reasons(inner) | st.lists(inner, max_size=3).map(tuple)


deep_reasons = reasons(st.recursive(plain, deeper, max_leaves=6))


@given(deep_reasons)
def test_a_reason_comes_back_from_a_text_column_as_it_was(reason: Reason) -> None:
    assert reason_in(as_text(reason)) == reason


@given(deep_reasons)
def test_a_reason_comes_back_from_within_other_json_as_it_was(reason: Reason) -> None:
    assert reason_in(json.loads(json.dumps(as_json(reason)))) == reason


@given(texts)
def test_a_text_that_is_no_code_comes_back_as_the_words_it_is(text: str) -> None:
    assert reason_in(text) == as_written(text)
    assert reason_in(as_text(as_written(text))) == as_written(text)


@pytest.mark.parametrize("text", ["no rule applies", "{", "{}", '{"code":1}', '["code"]', ""])
def test_what_older_releases_have_written_stays_as_it_is_when_it_is_kept_again(text: str) -> None:
    assert reason_in(as_text(reason_in(text))).parameters == {"text": text}


def test_words_that_look_like_a_code_are_still_words() -> None:
    disguised = as_written('{"code":"decision.no_rule"}')
    assert reason_in(as_text(disguised)) == disguised


def test_names_are_kept_as_they_are_written_so_that_they_can_be_found() -> None:
    assert "Bäckerei Müller" in as_text(because("recognition.main_number", name="Bäckerei Müller"))


def test_parameters_of_a_newer_release_do_not_hinder_reading() -> None:
    kept = '{"code":"new.one","parameters":{"where":{"row":3},"when":[1,{"x":2}]},"more":true}'
    assert reason_in(kept) == because("new.one", where='{"row": 3}', when=(1, '{"x": 2}'))


def test_every_text_of_a_reason_is_found_however_deep_it_is() -> None:
    inner = because("inner", name="Erika", number=5)
    outer = because("outer", inner=inner, several=("Otto", because("innermost", name="Ada")))
    assert list(texts_in(outer)) == ["Erika", "Otto", "Ada"]


def test_every_text_of_a_reason_can_be_changed_however_deep_it_is() -> None:
    inner = because("inner", name="Erika", number=5)
    outer = because("outer", inner=inner, several=("Otto", because("innermost", name="Ada")))
    shouted = with_texts(outer, str.upper)
    assert list(texts_in(shouted)) == ["ERIKA", "OTTO", "ADA"]
    assert with_texts(shouted, str.capitalize) == outer

"""Tokens of the hook path: the one that counts, and the one before for a while."""

from __future__ import annotations

import pytest

from sidecar.hooks.tokens import HookTokens, hook_token

KNOWN = HookTokens(current="first")


def test_the_configured_token_wins_over_zammads() -> None:
    assert hook_token(configured="ours", of_zammad="zammads") == "ours"
    assert hook_token(configured=None, of_zammad="zammads") == "zammads"
    assert hook_token(configured=None, of_zammad=None) is None
    assert hook_token(configured=None, of_zammad="") is None


@pytest.mark.parametrize("token", ["", "fir", "first ", "First", "firstfirst", "fürst", "\udcff"])
def test_another_token_is_not_accepted(token: str) -> None:
    assert not KNOWN.accept(token, now=0.0)


def test_no_token_is_accepted_while_none_is_known() -> None:
    assert not HookTokens().accept("", now=0.0)
    assert not HookTokens(current="").accept("", now=0.0)


def test_the_replaced_token_is_accepted_until_the_overlap_ends() -> None:
    tokens = KNOWN.renewed("second", now=100.0, overlap=60.0)
    assert tokens.accept("second", now=1_000.0)
    assert tokens.accept("first", now=159.9)
    assert not tokens.accept("first", now=160.0)


def test_reading_the_same_token_again_does_not_prolong_the_overlap() -> None:
    tokens = KNOWN.renewed("second", now=100.0, overlap=60.0)
    assert tokens.renewed("second", now=150.0, overlap=60.0) == tokens
    assert tokens.renewed(None, now=150.0, overlap=60.0) == tokens


def test_the_first_token_replaces_none() -> None:
    assert HookTokens().renewed("first", now=100.0, overlap=60.0) == KNOWN


def test_no_token_is_shown() -> None:
    assert "first" not in repr(KNOWN.renewed("second", now=0.0, overlap=1.0))
    assert "second" not in repr(KNOWN.renewed("second", now=0.0, overlap=1.0))

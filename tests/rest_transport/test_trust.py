"""Whose certificates are believed."""

from __future__ import annotations

import certifi

from rest_transport.trust import authorities, trusting


def test_the_authorities_everybody_believes_are_read_once() -> None:
    assert trusting(verify=True) is trusting(verify=True) is authorities()


def test_a_file_of_ones_own_is_read_each_time_because_it_may_have_changed() -> None:
    assert trusting(verify=certifi.where()) is not trusting(verify=certifi.where())


def test_whoever_believes_anybody_reads_nothing() -> None:
    assert trusting(verify=False) is False

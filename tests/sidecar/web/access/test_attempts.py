"""How often Zammad is asked for strangers, and attempts that only we can have made."""

from __future__ import annotations

from sidecar.web.access.attempts import (
    AGAIN_OF_ONE,
    MOST_ADDRESSES,
    OF_ALL,
    OF_ONE_ADDRESS,
    AttemptLimit,
    Seal,
    SignInAttempt,
)


class Elapsed:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def allowed(limit: AttemptLimit, address: str, times: int) -> int:
    return sum(limit.allows(address) for _ in range(times))


def test_one_address_may_try_some_times_and_again_after_a_while() -> None:
    elapsed = Elapsed()
    limit = AttemptLimit(elapsed)
    assert allowed(limit, "192.0.2.1", 100) == OF_ONE_ADDRESS
    assert limit.allows("192.0.2.2")
    elapsed.seconds += 3 / AGAIN_OF_ONE
    assert allowed(limit, "192.0.2.1", 100) == 3
    assert limit.refused == 100 - OF_ONE_ADDRESS + 97


def test_many_addresses_together_are_limited_as_well() -> None:
    limit = AttemptLimit(Elapsed())
    assert sum(limit.allows(f"192.0.2.{number}") for number in range(2 * OF_ALL)) == OF_ALL


def test_a_network_of_one_household_counts_as_one_address() -> None:
    limit = AttemptLimit(Elapsed())
    assert sum(limit.allows(f"2001:db8:1:2::{number:x}") for number in range(100)) == OF_ONE_ADDRESS
    assert limit.allows("2001:db8:1:3::1")


def test_addresses_are_forgotten_before_they_fill_the_memory() -> None:
    limit = AttemptLimit(Elapsed())
    for number in range(MOST_ADDRESSES + 100):
        limit.allows(f"host-{number}")
    assert len(limit._by_address) == MOST_ADDRESSES


def test_an_attempt_is_read_only_with_the_key_it_was_sealed_with() -> None:
    attempt = SignInAttempt(state="s|t", verifier="v", wanted="/sidecar/?q=a|b")
    sealed = Seal("secret").close(attempt)
    assert Seal("secret").open(sealed) == attempt
    assert Seal("other").open(sealed) is None
    assert Seal("secret").open(sealed[:-4]) is None
    assert Seal("secret").open("") is None

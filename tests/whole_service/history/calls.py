"""Fifty calls, each as its hooks tell of it and as sipgate's history does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

T0 = datetime(2026, 9, 28, 8, 0, tzinfo=UTC).timestamp()
EVERY, FIRST = 60.0, 5.0  # seconds: each begins and ends within one minute of the clock
RINGING = 10.0  # seconds
LINE, LINE_OF_NINA = "493023125000", "493023125011"
BLOCKED = "498912345678"
NINA, TOM = ("Nina Braun", "w0"), ("Tom Weiss", "w1")  # as the simulated account names them
PHONES = {"w0": "e0", "w1": "e1"}
KINDS = (
    *["answered by Nina"] * 10,
    *["missed", "voicemail", "missed", "answered by Tom", "transferred", "missed", "forwarded", "outbound"],
    *["outbound", "not reached", "answered by Tom", "blocked", "withheld", "transferred", "missed", "voicemail"],
    *["answered by Tom", "busy", "outbound", "not reached", "missed", "answered by Tom", "forwarded", "missed"],
    *["transferred", "answered by Tom", "blocked", "outbound", "voicemail", "missed", "answered by Tom", "busy"],
    *["outbound", "not reached", "forwarded", "missed", "transferred", "outbound", "answered by Tom"],
    "answered by Tom",  # still going on when the service comes back
)
CALLERS = {28: 10, 31: 12, 19: 15, 29: 15}  # the same customer as in an earlier call, that was missed

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    at: float
    direction: str
    form: dict[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    number: int
    kind: str

    @property
    def name(self) -> str:
        return f"c{self.number:02}"

    @property
    def began_at(self) -> float:
        last = self.number == len(KINDS) - 1
        return T0 + FIRST + (3600.0 if last else self.number * EVERY)

    @property
    def talk(self) -> float:
        return 12.0 + self.number % 30

    @property
    def customer(self) -> str:
        return {"blocked": BLOCKED, "withheld": "anonymous"}.get(
            self.kind, f"4917139200{CALLERS.get(self.number, self.number):02}"
        )

    @property
    def outbound(self) -> bool:
        return self.kind in {"outbound", "not reached"}

    @property
    def hooks(self) -> list[Hook]:
        return sorted(_hooks(self), key=lambda hook: hook.at)

    @property
    def entries(self) -> list[dict[str, Json]]:
        """With the simulator's default for what is not said here."""
        return _entries(self)


CALLS = [Call(number=number, kind=kind) for number, kind in enumerate(KINDS)]


def _hooks(call: Call) -> list[Hook]:
    """docs/reference/sipgate.md section 2."""
    answered_at = call.began_at + RINGING
    over_at = answered_at + call.talk
    match call.kind:
        case "answered by Nina" | "answered by Tom":
            who = NINA if call.kind.endswith("Nina") else TOM
            ends = _hook(call, over_at, "hangup", cause="normalClearing")
            told = [_rings(call, call.began_at, NINA, TOM), _answered(call, answered_at, who), ends]
        case "missed" | "withheld":
            told = [_rings(call, call.began_at, NINA, TOM), _hook(call, answered_at, "hangup", cause="cancel")]
        case "busy":
            told = [_rings(call, call.began_at, NINA), _hook(call, answered_at, "hangup", cause="busy")]
        case "blocked":
            told = [_rings(call, call.began_at, NINA)]
        case "outbound":
            answers = _hook(call, answered_at, "answer")
            told = [_rings(call, call.began_at, NINA), answers, _hook(call, over_at, "hangup", cause="normalClearing")]
        case "not reached":
            told = [_rings(call, call.began_at, NINA), _hook(call, answered_at, "hangup", cause="cancel")]
        case "transferred":
            told = [
                _rings(call, call.began_at, TOM),
                _answered(call, answered_at, TOM),
                _rings(call, answered_at + 5.0, NINA, leg="b"),
                _answered(call, answered_at + 7.0, NINA, leg="b"),
                _hook(call, answered_at + 8.0, "hangup", cause="normalClearing"),
                _hook(call, over_at, "hangup", leg="b", cause="normalClearing"),
            ]
        case "forwarded":
            told = [
                *_forwarded(call, NINA),
                _answered(call, answered_at, NINA, leg="b"),
                _hook(call, over_at, "hangup", leg="b", cause="normalClearing"),
            ]
        case _:
            told = [
                *_forwarded(call, ("voicemail", "")),
                _answered(call, answered_at, ("voicemail", ""), leg="b"),
                _hook(call, over_at, "hangup", leg="b", cause="normalClearing"),
            ]
    return told


def _forwarded(call: Call, to: tuple[str, str]) -> list[Hook]:
    return [
        _rings(call, call.began_at, TOM),
        _hook(call, call.began_at + 5.0, "hangup", cause="forwarded"),
        _rings(call, call.began_at + 5.1, to, leg="b"),
    ]


def _rings(call: Call, at: float, *who: tuple[str, str], leg: str = "a") -> Hook:
    users, ids = [user for user, _ in who], [user_id for _, user_id in who if user_id]
    return _hook(call, at, "newCall", leg=leg, **{"user[]": users}, **({"userId[]": ids} if ids else {}))


def _answered(call: Call, at: float, who: tuple[str, str], *, leg: str = "a") -> Hook:
    user, user_id = who
    return _hook(call, at, "answer", leg=leg, user=user, **({"userId": user_id} if user_id else {}))


def _hook(call: Call, at: float, event: str, *, leg: str = "a", **more: str | list[str]) -> Hook:
    way = {"from": LINE_OF_NINA, "to": call.customer} if call.outbound else {"from": call.customer, "to": LINE}
    root = {} if leg == "a" else {"origCallId": call.name}
    call_id = call.name if leg == "a" else f"{call.name}-{leg}"
    direction = "out" if call.outbound else "in"
    form: dict[str, str | list[str]] = {
        "event": event,
        "callId": call_id,
        "direction": direction,
        **way,
        **root,
        **more,
    }
    return Hook(at=at, direction=direction, form=form)


def _entries(call: Call) -> list[dict[str, Json]]:
    """docs/reference/sipgate_rest.md section 5. Of a call of several legs there is one, as far as anybody knows."""
    about: dict[str, Json] = {"callId": call.name, "created": _stamp(call.began_at), "duration": call.talk}
    if call.outbound:
        about |= {"source": f"+{LINE_OF_NINA}", "target": f"+{call.customer}", "incoming": False}
    else:
        withheld = call.kind == "withheld"
        about |= {"source": call.customer if withheld else f"+{call.customer}", "target": f"+{LINE}"}
    match call.kind:
        case "answered by Nina":
            told = [about | {"endpoints": [_endpoint("ROUTED", "g0"), _endpoint("PICKUP", "e0")]}]
        case "answered by Tom":
            told = [about | {"endpoints": [_endpoint("ROUTED", "g0"), _endpoint("PICKUP", "e1")]}]
        case "transferred":
            told = [about | {"endpoints": [_endpoint(*each) for each in (("PICKUP", "e1"), ("PICKUP", "e0"))]}]
        case "forwarded":
            ways = (("ROUTED", "p1"), ("FORWARDED", "e0"))
            told = [about | {"status": "FORWARD", "endpoints": [_endpoint(*each) for each in ways]}]
        case "outbound":
            told = [about | {"direction": "OUTGOING", "endpoints": [_endpoint("ROUTED", "p0")]}]
        case "not reached":
            missed = _unanswered("MISSED", "NOPICKUP") | {"direction": "MISSED_OUTGOING"}
            told = [about | missed | {"endpoints": [_endpoint("ROUTED", "p0")]}]
        case "busy" | "blocked":
            told = [about | _unanswered("BUSY", "BUSY")]
        case _:
            told = [about | _unanswered("MISSED", "NOPICKUP")]
    return told


def message_of(call: Call) -> dict[str, Json] | None:
    if call.kind != "voicemail":
        return None
    left_at = _stamp(call.began_at + RINGING)
    return {"source": f"+{call.customer}", "target": f"+{LINE}", "created": left_at, "duration": call.talk}


def _unanswered(call_status: str, status: str) -> dict[str, Json]:
    return {
        "callStatus": call_status,
        "status": status,
        "direction": "MISSED_INCOMING",
        "endpoints": [_endpoint("ROUTED", "g0")],
        "duration": 0,
    }


def _endpoint(how: str, extension: str) -> dict[str, Json]:
    return {"type": how, "endpoint": {"extension": extension, "type": ""}}


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()

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
    def answered_at(self) -> float:
        """Or given up."""
        return self.began_at + RINGING

    @property
    def entry(self) -> dict[str, Json]:
        """With the simulator's default for what is not said here."""
        return _entry(self)


CALLS = [Call(number=number, kind=kind) for number, kind in enumerate(KINDS)]


def _hooks(call: Call) -> list[Hook]:
    """docs/reference/sipgate.md section 2."""
    match call.kind:
        case "transferred" | "forwarded" | "voicemail":
            return _of_several_legs(call)
        case "answered by Tom":
            return [_rings(call, call.began_at, NINA, TOM), _answered(call, call.answered_at, TOM), _ends(call)]
        case "answered by Nina":
            return [_rings(call, call.began_at, NINA, TOM), _answered(call, call.answered_at, NINA), _ends(call)]
        case "outbound":
            return [_rings(call, call.began_at, NINA), _hook(call, call.answered_at, "answer"), _ends(call)]
        case "blocked":
            return [_rings(call, call.began_at, NINA)]
        case _:
            cause = "busy" if call.kind == "busy" else "cancel"
            whose = (NINA,) if call.outbound else (NINA, TOM)
            return [_rings(call, call.began_at, *whose), _hook(call, call.answered_at, "hangup", cause=cause)]


def _of_several_legs(call: Call) -> list[Hook]:
    if call.kind == "transferred":
        return [
            _rings(call, call.began_at, TOM),
            _answered(call, call.answered_at, TOM),
            _rings(call, call.answered_at + 5.0, NINA, leg="b"),
            _answered(call, call.answered_at + 7.0, NINA, leg="b"),
            _hook(call, call.answered_at + 8.0, "hangup", cause="normalClearing"),
            _ends(call, leg="b"),
        ]
    to = NINA if call.kind == "forwarded" else ("voicemail", "")
    forwarded_at = call.began_at + RINGING / 2
    return [
        _rings(call, call.began_at, TOM),
        _hook(call, forwarded_at, "hangup", cause="forwarded"),
        _rings(call, forwarded_at + 0.1, to, leg="b"),
        _answered(call, call.answered_at, to, leg="b"),
        _ends(call, leg="b"),
    ]


def _ends(call: Call, *, leg: str = "a") -> Hook:
    return _hook(call, call.answered_at + call.talk, "hangup", leg=leg, cause="normalClearing")


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


def _entry(call: Call) -> dict[str, Json]:
    """docs/reference/sipgate_rest.md section 5. Of a call of several legs there is one, as far as anybody knows."""
    about = {"callId": call.name, "created": _stamp(call.began_at), "duration": call.talk, **_way(call)}
    match call.kind:
        case "transferred":
            return about | _endpoints(("PICKUP", "e1"), ("PICKUP", "e0"))
        case "forwarded":
            return about | {"status": "FORWARD"} | _endpoints(("ROUTED", "p1"), ("FORWARDED", "e0"))
        case "outbound":
            return about | _endpoints(("ROUTED", "p0"))
        case "answered by Nina" | "answered by Tom":
            phone = "e0" if call.kind.endswith("Nina") else "e1"
            return about | _endpoints(("ROUTED", "g0"), ("PICKUP", phone))
        case _:
            outcome = "BUSY" if call.kind in {"busy", "blocked"} else "MISSED"
            line = "p0" if call.outbound else "g0"
            return about | {"callStatus": outcome, "duration": 0} | _endpoints(("ROUTED", line))


def _way(call: Call) -> dict[str, Json]:
    missed = "MISSED_" if call.kind in {"missed", "not reached", "voicemail", "withheld"} else ""
    if call.outbound:
        source, target = f"+{LINE_OF_NINA}", f"+{call.customer}"
        return {"source": source, "target": target, "incoming": False, "direction": f"{missed}OUTGOING"}
    source = call.customer if call.kind == "withheld" else f"+{call.customer}"
    return {"source": source, "target": f"+{LINE}", "direction": f"{missed}INCOMING"}


def message_of(call: Call) -> dict[str, Json] | None:
    if call.kind != "voicemail":
        return None
    left_at = _stamp(call.began_at + RINGING)
    return {"source": f"+{call.customer}", "target": f"+{LINE}", "created": left_at, "duration": call.talk}


def _endpoints(*each: tuple[str, str]) -> dict[str, Json]:
    ends = [{"type": how, "endpoint": {"extension": extension, "type": ""}} for how, extension in each]
    return {"endpoints": ends}


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()

"""The door to sipgate: a hook comes in, is judged from memory, put on disk and answered. The phone waits meanwhile."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.answer import xml_for
from sidecar.calls.sipgate.events import CallEvent, Unreadable, read_hook
from sidecar.calls.sipgate.form import MOST_FIELDS, field_count
from sidecar.errors import StoreError
from sidecar.hooks import http
from sidecar.hooks.judgement import Hook, Judgement, hook_row, judge, judge_after_fault
from sidecar.hooks.signature import NOT_CHECKED, Signature, SignatureChecker, SignatureMode
from sidecar.hooks.tokens import HookTokens
from sidecar.metrics import Metrics
from sidecar.store.journal.rows import HookRow

HIDDEN_TOKEN = http.HIDDEN_TOKEN
NONCE = b"x-sidecar-nonce"  # of `check`, which asks whether a URL leads here
KNOWN_CALL_BUDGET = 0.1  # for asking whether a call is known while the integration is switched off

logger = structlog.get_logger()


class HookJournal(Protocol):
    async def record(self, row: HookRow) -> bool:
        """True: on disk. False: not within the budget."""


class _CallLookup(Protocol):
    def __call__(self, event: CallEvent, /) -> Awaitable[bool]: ...


async def no_call_is_known(_event: CallEvent) -> bool:
    return False


def _lost(scope: Scope) -> http.Reply:
    """What `check` is told whose knock came to another path than it was sent to."""
    return http.Reply(status=404, headers=(http.path_in(scope),), outcome="not_found")


def hooks_first(door: HookDoor, others: ASGIApp) -> ASGIApp:
    """Everything below the hook path goes to the door, past the middleware and the routes of `others`.

    They would be a quarter of what a hook costs.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_hook = scope["type"] == "http" and http.is_below_prefix(scope)
        if not is_hook and scope["type"] == "http" and http.header_values(scope, NONCE):
            await http.send_reply(send, _lost(scope))  # a proxy has changed the path of a knock
            return
        await (door if is_hook else others)(scope, receive, send)

    return answer


class HookDoor:
    """An ASGI application for `POST /api/v1/sipgate/{token}/in` and `/out`.

    Args:
        known_call: whether a call's conversation is in the journal; asked while the integration is switched off.
        watchers: shown every hook on its way to the journal; nothing may wait or fail there.

    """

    def __init__(
        self,
        *,
        tokens: Callable[[], HookTokens],
        rules: Callable[[], Rules | None],
        signatures: SignatureChecker,
        signature_mode: SignatureMode,
        journal: HookJournal,
        public_url: Callable[[], str],
        metrics: Metrics,
        known_call: _CallLookup = no_call_is_known,
        watchers: Sequence[Callable[[HookRow], None]] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tokens = tokens
        self._rules = rules
        self._signatures = signatures
        self._signature_mode = signature_mode
        self._journal = journal
        self._public_url = public_url
        self._metrics = metrics
        self._known_call = known_call
        self._watchers = watchers
        self._clock = clock
        self._signatures_counted = {result: metrics.signatures.labels(result=result.value) for result in Signature}
        self._last_hook_at = 0.0
        metrics.last_hook.set_function(lambda: self._last_hook_at)  # setting it takes longer than asking for it
        self._hooks_counted: dict[tuple[str, str, str], Counter] = {}  # looking labels up takes longer than counting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        path = http.hook_path(scope)
        if path is None:
            await http.send_reply(send, _lost(scope) if http.header_values(scope, NONCE) else http.NOT_FOUND)
            return
        try:
            reply = await self._reply(scope, receive, path)
        except http.SenderGoneError:
            return
        except Exception as error:  # noqa: BLE001 - fail open: the phone is answered whatever breaks here
            self._note_fault(error)
            reply = http.FAULT
        self._count(path, reply, started)
        await http.send_reply(send, reply)

    async def _reply(self, scope: Scope, receive: Receive, path: http.HookAddress) -> http.Reply:
        received_at = self._clock()
        if refusal := self._refusal(scope, path, received_at):
            return refusal
        try:
            body = await http.read_body(scope, receive)
        except http.TooLargeError as error:
            return http.TOO_LARGE_AND_CLOSED if error.endless else http.TOO_LARGE
        if nonce := http.header_values(scope, NONCE):
            return http.Reply(headers=((NONCE, nonce[0]), http.seen_in(scope)), outcome="nonce")
        if field_count(body) > MOST_FIELDS:
            return http.TOO_LARGE
        return await self._reply_to_body(scope, path, body, received_at)

    def _refusal(self, scope: Scope, path: http.HookAddress, now: float) -> http.Reply | None:
        """What can be said without reading the body."""
        if scope["method"] != "POST":
            return http.WRONG_METHOD
        tokens = self._tokens()
        if tokens.current is None:
            return http.NO_TOKEN_KNOWN
        return None if tokens.accept(path.token, now) else http.WRONG_TOKEN

    async def _reply_to_body(self, scope: Scope, path: http.HookAddress, body: bytes, received_at: float) -> http.Reply:
        signature = self._signature_of(scope, body)
        if signature != Signature.VALID and self._signature_mode == "enforce":
            return http.WRONG_SIGNATURE
        hook = Hook(
            received_at=received_at,
            path=path,
            content_type=http.header_text(scope, b"content-type"),
            body=body,
            source=http.client_address(scope),
            signature=signature,
        )
        return await self._answer(hook)

    def _signature_of(self, scope: Scope, body: bytes) -> str:
        if self._signature_mode == "off":
            return NOT_CHECKED
        result = self._signatures.check(body, http.header_values(scope, b"x-sipgate-signature"))
        self._signatures_counted[result].inc()
        return result.value

    async def _answer(self, hook: Hook) -> http.Reply:
        self._last_hook_at = hook.received_at
        judgement = self._judge(hook)
        xml = self._xml(hook, judgement, hook.path.token)
        await self._keep(hook, judgement)
        return http.Reply(xml=xml, event=judgement.event_name, outcome=judgement.outcome)

    def _xml(self, hook: Hook, judgement: Judgement, token: str) -> bytes:
        url = http.callback_url(self._public_url(), token, hook.path.direction)
        return xml_for(judgement.decision.answer, url)

    def _judge(self, hook: Hook) -> Judgement:
        """Never raises: where nothing could be decided the call goes on."""
        event: CallEvent | Unreadable | None = None
        try:
            event = read_hook(hook.body, content_type=hook.content_type, path_direction=hook.path.direction)
            return judge(event, self._rules())
        except Exception as error:  # noqa: BLE001 - fail open: a fault in the rules must not cost the call
            self._note_fault(error)
            return judge_after_fault(event)

    async def _keep(self, hook: Hook, judgement: Judgement) -> None:
        """On disk if at all possible within the journal's budget. Never raises."""
        try:
            if judgement.switched_off and not await self._is_known(judgement.event):
                return
            row = hook_row(hook, judgement, self._xml(hook, judgement, HIDDEN_TOKEN))
            for watch in self._watchers:
                watch(row)
            on_disk = await self._journal.record(row)
        except Exception as error:  # noqa: BLE001 - fail open: the answer leaves without its row
            self._note_fault(error)
            on_disk = False
        if not on_disk:
            self._metrics.journal_failures.inc()

    async def _is_known(self, event: CallEvent | None) -> bool:
        if event is None:
            return False
        try:
            async with asyncio.timeout(KNOWN_CALL_BUDGET):
                return await self._known_call(event)
        except (TimeoutError, StoreError):  # better one row too many than a call that never ends; the fold looks again
            return True

    def _count(self, path: http.HookAddress, reply: http.Reply, started: float) -> None:
        labels = (path.direction.value, reply.event, reply.outcome)
        counter = self._hooks_counted.get(labels)
        if counter is None:
            counter = self._hooks_counted[labels] = self._metrics.hooks.labels(*labels)
        counter.inc()
        self._metrics.hook_seconds.observe(time.perf_counter() - started)

    def _note_fault(self, error: Exception) -> None:
        """Where it happened, without the message: that may hold numbers or the token."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("hook_fault", error=type(error).__name__, at=f"{frame.name}:{frame.lineno}")

"""Messages that callers have left, in the callback ticket of their call: sound and text, once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from rest_transport.errors import Trouble
from sidecar.calls.callbacks.unindexed import unlike_numbers
from sidecar.store.calls.voicemails import Voicemail, mark_attached, unmark_attached
from sidecar.store.database import Database
from sidecar.store.missed.voicemails import messages_for_tickets
from sidecar.words.marks import N_
from sidecar.words.wording import Words
from sipgate_client import Sipgate, SipgateError, SipgateForbiddenError, SipgateRefusedError, SipgateTokenError
from sipgate_client.records import Recording
from zammad_client import Zammad
from zammad_client.errors import ZammadNotReachedError, ZammadOutcomeUnknownError, ZammadUnavailableError

YOUNG = 86_400.0  # seconds: messages of older calls are left where they are
TRANSCRIBED = 600.0  # seconds after a call's start in which sipgate may still write its transcript
NOT_ATTACHED = N_("The sound is not attached: it is too large, or gone at sipgate.")

Json = Any


class Attachments:
    """`language` of the tickets; empty: Zammad's own."""

    def __init__(
        self, *, sipgate: Sipgate, zammad: Zammad, database: Database, language: str, clock: Callable[[], float]
    ) -> None:
        self._sipgate = sipgate
        self._zammad = zammad
        self._database = database
        self._language = language
        self._clock = clock

    async def attach(self) -> None:
        """Where sipgate does not give one message now, the others do not wait for it.

        Raises: SipgateError where a sound may be had later; ZammadError.
        """
        now, later = self._clock(), None
        for message, ticket_id in await self._database.read(
            lambda c: messages_for_tickets(c, since=now - YOUNG, untold=now - TRANSCRIBED)
        ):
            try:
                recording = await self._recording(message)
            except SipgateTokenError:
                raise
            except SipgateError as error:
                later = error
                continue
            article = _article(message, ticket_id, recording, await self._words())
            await self._add(article, message.conversation_id, now)
        if later:
            raise later

    async def _add(self, article: Mapping[str, Json], call: int, now: float) -> None:
        """Written down before it is tried. Tried again only where Zammad has certainly not taken it."""
        if not await self._database.write(partial(mark_attached, conversation_id=call, now=now)):
            return
        try:
            await self._zammad.tickets.create_article(article)
        except ZammadOutcomeUnknownError:
            raise
        except (ZammadUnavailableError, ZammadNotReachedError):
            await self._database.write(partial(unmark_attached, conversation_id=call))
            raise

    async def _recording(self, message: Voicemail) -> Recording | None:
        """None where it is too large or gone. Raises: SipgateError where it may come later."""
        try:
            return await self._sipgate.recording(message.entry_id) if message.has_recording else None
        except (SipgateTokenError, SipgateForbiddenError):
            raise
        except SipgateRefusedError:
            return None
        except SipgateError as error:
            if error.trouble in {Trouble.UNREADABLE, Trouble.TOO_LONG}:
                return None
            raise

    async def _words(self) -> Words:
        language = self._language
        if not language:
            settings = {setting.name: setting.value for setting in await self._zammad.settings()}
            language = "de" if str(settings.get("locale_default") or "").startswith("de") else "en"
        return Words(language=language)


def _article(message: Voicemail, ticket_id: int, recording: Recording | None, words: Words) -> dict[str, Json]:
    lines = [words.gettext("Voicemail, {span}", span=words.span(message.seconds)), message.transcript]
    if recording is None:
        lines.append(words.gettext(NOT_ATTACHED))
    article: dict[str, Json] = {
        "ticket_id": ticket_id,
        "type": "note",
        "sender": "Agent",
        "internal": True,
        "content_type": "text/plain",
        "body": unlike_numbers("\n".join(filter(None, lines))),
    }
    if recording is not None:
        data = b64encode(recording.content).decode()
        article["attachments"] = [{"filename": "voicemail.mp3", "data": data, "mime-type": recording.media_type}]
    return article

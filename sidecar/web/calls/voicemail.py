"""A message that was left, for whoever may see its call: fetched from sipgate each time, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from rest_transport.errors import Trouble
from sidecar.store.calls.listed import call_shown_to
from sidecar.store.calls.visibility import Viewer
from sidecar.store.calls.voicemails import Voicemail, voicemail_of
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path
from sidecar.web.parts import Parts
from sidecar.words.marks import N_
from sipgate_client import SipgateError, SipgateForbiddenError, SipgateRefusedError, SipgateTokenError
from sipgate_client.records import Recording

GONE = N_("There is no such message any more.")
TOO_LARGE = N_("This message is too large to be played here. Listen to it at sipgate.")
UNREACHED = N_("sipgate does not give the message at the moment. Try again in a minute.")
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


async def play(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number, sipgate = id_in_path(request), parts.workings.sipgate.sipgate
    message = await parts.database.read(lambda connection: _visible(connection, number, visitor.viewer))
    if message is None or sipgate is None:
        return parts.rendering.refusal(request, GONE)
    try:
        recording = await sipgate.recording(message.entry_id)
    except SipgateError as error:
        reason, status = _why_not(error)
        return parts.rendering.refusal(request, reason, status=status)
    return _sound(recording, request.headers)


def _visible(connection: Connection, number: int, viewer: Viewer) -> Voicemail | None:
    return voicemail_of(connection, number) if call_shown_to(connection, number, viewer) else None


def _why_not(error: SipgateError) -> tuple[str, int]:
    if isinstance(error, SipgateTokenError | SipgateForbiddenError):
        return UNREACHED, 502
    if isinstance(error, SipgateRefusedError):
        return GONE, 404
    if error.trouble is Trouble.TOO_LONG:
        return TOO_LARGE, 413
    return UNREACHED, 502


def _sound(recording: Recording, asked: Mapping[str, str]) -> Response:
    """Some browsers play nothing of which they cannot ask for a part."""
    content, headers = recording.content, {"Accept-Ranges": "bytes"}
    part = _RANGE.fullmatch(asked.get("Range", ""))
    if part is None or int(part[1]) >= len(content):
        return Response(content, headers=headers, media_type=recording.media_type)
    first, last = int(part[1]), min(int(part[2] or len(content)), len(content) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers=headers, media_type=recording.media_type)

"""sipgate's own interface as it is configured, and its errors as reasons."""

from __future__ import annotations

from rest_transport.errors import Trouble
from sidecar.calls.reasons import Reason, because
from sidecar.codes.faults import Fault
from sidecar.codes.sipgate import SipgateFault
from sidecar.config import Settings
from sipgate_client import Sipgate, SipgateError
from sipgate_client.politeness import Politeness


def sipgate_of(settings: Settings, *, politeness: Politeness | None = None) -> Sipgate | None:
    """To be closed by whoever asked for it; None without a token, and then nothing is ever asked of sipgate."""
    api = settings.sipgate.api
    if not api.is_used:
        return None
    return Sipgate(
        token_id=api.token_id, token=api.token.get_secret_value(), url=api.url, politeness=politeness or Politeness()
    )


def reason_of_sipgate(error: SipgateError) -> Reason:
    match error.trouble:
        case Trouble.NO_CONNECTION:
            return because(SipgateFault.NO_CONNECTION, detail=error.detail)
        case Trouble.NO_ANSWER:
            return because(SipgateFault.NO_ANSWER)
        case Trouble.LOST:
            return because(SipgateFault.LOST)
        case Trouble.UNREADABLE | Trouble.TOO_LONG:
            return because(SipgateFault.UNREADABLE, detail=error.detail)
        case _:
            return _said(error)


def _said(error: SipgateError) -> Reason:
    if error.retry_after:
        return because(SipgateFault.PAUSED, wait=error.retry_after)
    if error.status:
        return because(Fault.SAID_WITH_STATUS, words=error.message, status=error.status)
    return because(Fault.SAID, words=error.message)

"""Everything that knows sipgate's REST interface, and nothing of telephony rules. Nothing can be deleted through it."""

from sipgate_client.client import Sipgate
from sipgate_client.errors import (
    SipgateError,
    SipgateForbiddenError,
    SipgateOutcomeUnknownError,
    SipgateRefusedError,
    SipgateTokenError,
    SipgateUnavailableError,
)

__all__ = [
    "Sipgate",
    "SipgateError",
    "SipgateForbiddenError",
    "SipgateOutcomeUnknownError",
    "SipgateRefusedError",
    "SipgateTokenError",
    "SipgateUnavailableError",
]

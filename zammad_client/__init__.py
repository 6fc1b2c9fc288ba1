"""Everything that knows the REST interface of Zammad, and nothing of telephony rules."""

from zammad_client.client import Zammad
from zammad_client.errors import (
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadRefusedError,
    ZammadUnavailableError,
)

__all__ = [
    "Zammad",
    "ZammadError",
    "ZammadNotReachedError",
    "ZammadOutcomeUnknownError",
    "ZammadRefusedError",
    "ZammadUnavailableError",
]

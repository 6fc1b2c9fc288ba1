"""What is found when sipgate's own interface is asked: codes for the doctor, and for what went wrong on the way."""

from __future__ import annotations

from enum import StrEnum


class SipgateFault(StrEnum):
    """What is wrong with the way to sipgate's interface; what sipgate itself says is a `Fault`."""

    NO_CONNECTION = "sipgate_fault.no_connection"  # detail
    NO_ANSWER = "sipgate_fault.no_answer"
    LOST = "sipgate_fault.lost"
    UNREADABLE = "sipgate_fault.unreadable"  # detail
    PAUSED = "sipgate_fault.paused"  # wait


class SipgateUse(StrEnum):
    """What sipgate is asked for."""

    KIND = "sipgate_use.kind"
    ACCOUNT = "sipgate_use.account"
    PEOPLE = "sipgate_use.people"
    NUMBERS = "sipgate_use.numbers"
    HOOK_URLS = "sipgate_use.hook_urls"
    HOOK_LOG = "sipgate_use.hook_log"
    LINES = "sipgate_use.lines"
    CHANNELS = "sipgate_use.channels"
    PHONES = "sipgate_use.phones"
    NOTICES = "sipgate_use.notices"
    HISTORY = "sipgate_use.history"


class Unseen(StrEnum):
    """What is left out while sipgate does not show what a `SipgateUse` of the same name asks for."""

    KIND = "unseen.kind"
    ACCOUNT = "unseen.account"
    PEOPLE = "unseen.people"
    NUMBERS = "unseen.numbers"
    HOOK_URLS = "unseen.hook_urls"
    HOOK_LOG = "unseen.hook_log"
    LINES = "unseen.lines"
    CHANNELS = "unseen.channels"
    PHONES = "unseen.phones"
    NOTICES = "unseen.notices"
    HISTORY = "unseen.history"


class AtSipgate(StrEnum):
    """What the doctor finds there."""

    TOKEN_GOOD = "at_sipgate.token_good"  # noqa: S105 - a code; account, user
    TOKEN_REFUSED = "at_sipgate.token_refused"  # noqa: S105 - a code; error
    UNREACHED = "at_sipgate.unreached"  # error
    CLASSIC = "at_sipgate.classic"
    NEO = "at_sipgate.neo"
    FORBIDDEN = "at_sipgate.forbidden"  # use: a `SipgateUse`, unseen: an `Unseen`, scope, error
    UNREAD = "at_sipgate.unread"  # use, unseen, error
    NOT_AVAILABLE = "at_sipgate.not_available"  # use, unseen
    URLS_OURS = "at_sipgate.urls_ours"
    URLS_LEAD_HERE = "at_sipgate.urls_lead_here"
    URL_EMPTY = "at_sipgate.url_empty"  # direction: a `HookUrl`
    URL_ELSEWHERE = "at_sipgate.url_elsewhere"  # direction, host
    URL_SCHEME = "at_sipgate.url_scheme"  # direction, found, expected
    URL_PATH = "at_sipgate.url_path"  # direction, host
    URL_UNREADABLE = "at_sipgate.url_unreadable"  # direction
    URL_SWAPPED = "at_sipgate.url_swapped"  # direction
    URL_OLD_TOKEN = "at_sipgate.url_old_token"  # noqa: S105 - a code; direction
    URL_WRONG_TOKEN = "at_sipgate.url_wrong_token"  # noqa: S105 - a code; direction
    URLS_REFUSED = "at_sipgate.urls_refused"  # error
    URLS_PERHAPS_SET = "at_sipgate.urls_perhaps_set"  # error
    ALL_LINES = "at_sipgate.all_lines"
    NO_LINES = "at_sipgate.no_lines"
    LINES = "at_sipgate.lines"  # lines
    LINES_MISSING = "at_sipgate.lines_missing"  # lines
    LINE = "at_sipgate.line"  # name
    LOG_OFF = "at_sipgate.log_off"
    LOG_EMPTY = "at_sipgate.log_empty"
    LOG_GOOD = "at_sipgate.log_good"  # count, age
    LOG_BAD = "at_sipgate.log_bad"  # count, of, age, status
    CALLER_IDS_OWN = "at_sipgate.caller_ids_own"  # count
    CALLER_ID_FOREIGN = "at_sipgate.caller_id_foreign"  # chosen: a `Chosen`
    CALLS_KEPT = "at_sipgate.calls_kept"
    CALLS_NOT_KEPT = "at_sipgate.calls_not_kept"
    NOTICE = "at_sipgate.notice"  # email, line
    NOTICE_ALONE = "at_sipgate.notice_alone"  # email, line


class HookUrl(StrEnum):
    """Which of the two."""

    INCOMING = "hook_url.incoming"
    OUTGOING = "hook_url.outgoing"

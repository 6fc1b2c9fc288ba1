"""What hooks were answered and why, and what of the rules could not be understood."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.calls.decide import Decided
from sidecar.calls.numbers.unclear_rows import Unclear
from sidecar.calls.rules.agents import Unmapped
from sidecar.calls.rules.block_list import Blocked
from sidecar.calls.rules.routing import Chosen, NoCallerId
from sidecar.calls.rules.rows import Place, Shape
from sidecar.calls.sipgate.events import Misread
from sidecar.words.marks import N_, Message

DECISIONS: Mapping[str, Message] = {
    Decided.SWITCHED_OFF: N_("integration is switched off in Zammad"),
    Decided.RULES_NOT_LOADED: N_("rules are not loaded yet"),
    Decided.NO_RULE: N_("no rule applies"),
    Decided.KEPT_HIDDEN: N_("no caller id: the agent hides the number (calls.keep_hidden)"),
    Decided.SPARED: N_("known number, spared; for others: {rule}"),
    Decided.NO_OUTSIDE_NUMBER: N_("no caller id: the called number is no outside number"),
    Decided.ANSWERED: N_("answered"),
    Decided.HUNG_UP: N_("hung up"),
    Decided.KEYS_PRESSED: N_("keys pressed"),
    Decided.UNREADABLE: N_("unreadable: {why}"),
    Decided.FAULT: N_("internal fault"),
    Decided.FILLED: N_("never came; filled in from sipgate's history"),
    Decided.REPLAYED: N_("understood only when replayed"),
    Blocked.ROW: N_("blocked: {number}"),
    Blocked.NOTED_ROW: N_("blocked: {note} ({number})"),
    Blocked.MARKED: N_("blocked: {who} is marked as blocked"),
    Blocked.ORGANIZATION: N_("organization {name}"),
    Chosen.BY_ROW: N_("caller id {digits} by routing row {row}"),
    Chosen.OF_AGENT: N_("caller id {digits} of {name}"),
    Chosen.BY_DEFAULT: N_("caller id {digits} by default"),
    Misread.NO_FORM: N_("content type is no form: {content_type}"),
    Misread.TOO_MANY_FIELDS: N_("more than {most} fields"),
    Misread.UNKNOWN_EVENT: N_("unknown event: {event}"),
    Misread.NO_EVENT: N_("no event"),
    Misread.NO_CALL_ID: N_("no callId"),
    Misread.BAD_CALL_ID: N_("callId has control characters or more than {longest} characters"),
}

RULE_WARNINGS: Mapping[str, Message] = {
    Place.CONFIG: "sipgate_config",
    Place.INBOUND: "inbound",
    Place.OUTBOUND: "outbound",
    Place.BLOCK_LIST: N_("block list"),
    Place.BLOCK_LIST_ROW: N_("block list row {row}"),
    Place.ROUTING_TABLE: N_("routing table"),
    Place.ROUTING_TABLE_ROW: N_("routing table row {row}"),
    Place.DEFAULT_CALLER_ID: N_("default caller id"),
    Place.AGENT_MAP: N_("agent map"),
    Place.AGENT_MAP_ROW: N_("agent map row {row}"),
    Place.NUMBER_OF: N_("number of {who}"),
    Place.SIPGATE_USERS: N_("user {user}, sipgate_users"),
    Place.SIPGATE_NUMBER: N_("user {user}, sipgate_number"),
    Shape.NO_OBJECT: N_("is not an object with keys"),
    Shape.NO_LIST: N_("is not a list"),
    Shape.NO_ROW: N_("is not a row"),
    Shape.NO_TEXT: N_("is not a text"),
    Shape.COLUMN_IS_NO_TEXT: N_("{column} is not a text"),
    Unclear.NO_COUNTRY: N_("names no country: write one row for each, such as 43* and 41*"),
    Unclear.NO_PATTERN: N_("is neither a number nor a pattern"),
    Unclear.ODD_CHARACTERS: N_("is neither a number nor a pattern, because of {characters:items}"),
    Unclear.EXPRESSION: N_(
        "looks like a regular expression: write ? for one digit, * for any number of digits, and a row for each number"
    ),
    Unclear.SEVERAL: N_("has more than one number in it: write a row for each"),
    Unclear.RANGE: N_("looks like a range: write a row for each number, with ? for one digit and * for the rest"),
    Unclear.RANGE_OF: N_(
        "looks like a range, {first:phone} to {last:phone}: write a row for each number, or a pattern such as {such_as}"
    ),
    Unclear.ALTERNATIVE: N_("may be two numbers, {first:phone} and {second:phone}: write a row for each"),
    Unclear.OPEN_END: N_("ends openly: write * for the rest, {such_as}"),
    Unclear.TOO_LONG: N_(
        "has {digits} digits behind the country code, numbers there have at most {most}: write a row for each number"
    ),
    Unclear.TOO_SHORT: N_("is shorter than any number: write extensions out, a row for each"),
    Unclear.NO_PREFIX: N_("has neither a country code nor an area code: write it with +"),
    Unclear.DOUBTFUL: N_("may be read as {numbers:phones}: write it with +"),
    Unclear.OUTSIDE_LINE: N_("begins with a 0 for the outside line: write the number without it"),
    Blocked.NO_NUMBER: N_("has no number"),
    Blocked.SAY_ABROAD: N_("names no country: write abroad, or one row for each country, such as 43* and 41*"),
    Blocked.EVERYBODY: N_("rejects everybody who shows a number"),
    NoCallerId.DESTINATION: N_("the destination {why}"),
    NoCallerId.OF_ROW: N_("the caller id is no number"),
    NoCallerId.NO_NUMBER: N_("is no number"),
    Unmapped.NO_SIPGATE_USER: N_("has no sipgate user (like w0)"),
    Unmapped.NO_AGENT: N_("has no agent"),
    Unmapped.INACTIVE: N_("this user is not active"),
    Unmapped.NOBODY: N_("no agent has this id, login or e-mail"),
    Unmapped.EARLIER_ROW_WINS: N_("an earlier row gives this sipgate user to somebody else, the earlier row wins"),
    Unmapped.ILL_WRITTEN: N_("is no sipgate user (like w0)"),
    Unmapped.PAGE_WINS: N_("the page gives this sipgate user to user {user}, the page wins"),
    Unmapped.OTHER_WINS: N_("user {user} has this sipgate user too and wins"),
}

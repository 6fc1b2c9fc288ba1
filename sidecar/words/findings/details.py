"""What findings quote: losses, obstacles, differences of reading, and how nobody answered."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Difference, Hooks, Mapped, Obstacle, Own, Silence, Without
from sidecar.words.marks import N_, Message

DETAILS: Mapping[str, Message] = {
    Without.TICKET_AGENT: N_("Without it people and tickets cannot be read: callers stay unknown."),
    Without.CTI_AGENT: N_(
        "Without it the caller log cannot be read: an interrupted delivery cannot be finished safely."
    ),
    Without.ADMIN_INTEGRATION: N_("Without it switch, block list, routing table and agent map cannot be read at all."),
    Without.ADMIN_USER: N_("Without it agents' records cannot be written, and nothing can be done in an agent's name."),
    Without.ADMIN_OBJECT: N_("Only `install` needs it."),
    Obstacle.OTHER_KIND: N_("exists as {existing}, but must be {wanted}: rename or remove it"),
    Obstacle.SWITCHED_OFF: N_("exists but is switched off: switch it on"),
    Obstacle.HIDDEN: N_("not visible: the token needs admin.integration"),
    Obstacle.INACTIVE: N_("exists but is not active: activate it again in Manage > Users"),
    Mapped.USER: "{id} ({name})",
    Difference.OF_ROW: N_("row {row} ({text}) {difference}"),
    Difference.NO_WILDCARDS: N_("matches nothing there: it knows no wildcards here"),
    Difference.SPELLED_CALLS: N_("matches nothing there: it compares the spelling, and calls come as {pattern}"),
    Difference.EXPRESSION: N_(
        "is read as a regular expression there: matches something else, or every outbound call fails"
    ),
    Difference.OPTIONAL_DIGIT: N_("there a ? makes the digit before it optional"),
    Difference.SPELLED_NUMBERS: N_("matches nothing there: it compares the spelling, and numbers come as {pattern}"),
    Difference.SHADOWED: N_("row {row} ({text}) never counts there: row {earlier} ({earlier_text}) stands before it"),
    Own.NUMBERS_OF: N_("{name} (user {user}): {texts}"),
    Own.MAIN_NUMBER_OF: "{name}: {text}: {why}",
    Own.DOUBTFUL_NUMBER_OF: N_("{name} (user {user})"),
    Silence.NO_CONNECTION: N_("no connection"),
    Silence.NO_ANSWER: N_("no answer"),
    Silence.BEHIND_PROXY: N_("the proxy gets no answer (HTTP {status})"),
    Hooks.UNREADABLE_EVENT: N_("unreadable"),
    Hooks.SIGNATURES: "{count} {result:signature}",
}

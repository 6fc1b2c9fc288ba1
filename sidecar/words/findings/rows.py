"""Agent map, block list and caller ids, row by row."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Mapped, Rows
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_

_NO_DIALOG = N_("No dialog opens for this person's calls.")

ROWS: Mapping[str, Advice] = {
    Mapped.NOBODY: Advice(
        what=N_("no sipgate user belongs to any agent"),
        why=N_("No dialog opens for anybody."),
        cure=N_(
            "fill in System > Integrations > sipgate.io, phone extension map, or the field Sipgate users of each agent"
        ),
    ),
    Mapped.SWITCH_ON: Advice(what=N_("{ids}: {who}, cti.agent there, phone switch on")),
    Mapped.SWITCH_OFF: Advice(
        what=N_("{ids}: {who}, cti.agent there, phone switch off"),
        why=_NO_DIALOG,
        cure=N_("if that is not wanted, the agent turns on the phone symbol in Zammad's menu"),
    ),
    Mapped.BAD_ROW: Advice(
        what="{place}: {text}: {problem}",
        why=_NO_DIALOG,
        cure=N_("correct the row, System > Integrations > sipgate.io, phone extension map"),
    ),
    Mapped.BAD_FIELD: Advice(
        what="{place}: {text}: {problem}",
        why=_NO_DIALOG,
        cure=N_("correct the field Sipgate users of that user: w0, w3"),
    ),
    Mapped.SHARED: Advice(
        what="{place}: {text}: {problem}",
        why=_NO_DIALOG,
        cure=N_(
            "give each sipgate user to one person: in System > Integrations > sipgate.io, phone extension map, or in "
            "the field Sipgate users"
        ),
    ),
    Mapped.INACTIVE: Advice(
        what=N_("{place}: {name} ({text}) is not active"),
        why=_NO_DIALOG,
        cure=N_("remove the row, System > Integrations > sipgate.io, phone extension map, or activate the user"),
    ),
    Mapped.NO_PERMISSION: Advice(
        what=N_("{place}: {name} ({text}) has no permission cti.agent"),
        why=_NO_DIALOG,
        cure=N_("give the user a role with cti.agent (Manage > Roles)"),
    ),
    Mapped.UNMAPPED: Advice(
        what=N_("unassigned in the last hooks: {users:items}"),
        why=N_("Calls these users answer open no dialog."),
        cure=N_(
            "add them to System > Integrations > sipgate.io, phone extension map, or to the field Sipgate users of the "
            "agent; leave out what is no person"
        ),
    ),
    Rows.IN_FORCE: Advice(
        what="{place}: {text}: {problem}",
        why=N_("The row is in force."),
        cure=N_("remove it if that is not meant, or write a pattern such as 4989*, System > Integrations > sipgate.io"),
    ),
    Rows.PART_OF_PAGE: Advice(
        what="{place}: {text}: {problem}",
        why=N_("This part of the page counts as empty."),
        cure=N_("save the page once, System > Integrations > sipgate.io"),
    ),
    Rows.BLOCK_ROW: Advice(
        what="{place}: {text}: {problem}",
        why=N_("The row is ignored: these callers get through."),
        cure=N_("write the number as +49…, or a pattern such as 4989*, System > Integrations > sipgate.io"),
    ),
    Rows.BLOCKED_NUMBER: Advice(
        what="{place}: {text}: {problem}",
        why=N_("The number is ignored: this caller gets through."),
        cure=N_("correct the number in the record of that person or organization"),
    ),
    Rows.AGENTS_NUMBER: Advice(
        what="{place}: {text}: {problem}",
        why=N_("Calls of this agent show the table's default."),
        cure=N_("correct the field Sipgate number of that user: +49…"),
    ),
    Rows.CALLER_ID: Advice(
        what="{place}: {text}: {problem}",
        why=N_("The row is ignored: these calls show another number."),
        cure=N_("write destination and caller id as +49…, 41* and the like, System > Integrations > sipgate.io"),
    ),
    Rows.UNDERSTOOD: Advice(what=N_("{understood} of {count} rows understood")),
    Rows.READ_OTHERWISE: Advice(
        what=N_(
            "{understood} of {count} rows understood; Zammad's built-in integration would read otherwise: "
            "{differences:items}"
        )
    ),
}

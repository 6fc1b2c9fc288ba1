"""Zammad's settings, the custom attributes, and the endpoint that takes calls."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Installed, Switches, Views
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_, N_plural

_AGAIN = N_("run `sipgate-sidecar check` again; if it stays so, look into Zammad's log")
_UNINSTALLED = N_(
    "What they are for does not work: blocking and numbers of people, agents' own sipgate users, recognition."
)
_INSTALL = N_("run `sipgate-sidecar install`, then restart Zammad")
_OPENS_NOTHING = N_("Zammad takes no calls from the sidecar: no caller log, no dialogs.")
_UNKEPT = N_("Hooks are answered, but neither kept nor shown to anybody.")

SWITCHES: Mapping[str, Advice] = {
    Installed.ALL: Advice(what=N_plural("the only one is there", "all {count} are there")),
    Installed.MISSING: Advice(what=N_("not there: {names}"), why=_UNINSTALLED, cure=_INSTALL),
    Installed.NOT_MIGRATED: Advice(
        what=N_("created, but Zammad's database was not migrated: {names}"), why=_UNINSTALLED, cure=_INSTALL
    ),
    Installed.NO_SUCH_ATTRIBUTE: Advice(
        what=N_("phone.attributes names {name}, which users in Zammad do not have"),
        why=N_("No numbers are read from it."),
        cure=N_("correct phone.attributes, or create the attribute in System > Objects"),
    ),
    Installed.WRONG: Advice(
        what="{name} {obstacle}",
        why=_UNINSTALLED,
        cure=N_("put it right in System > Objects, then run `sipgate-sidecar install`"),
    ),
    Switches.ON: Advice(what=N_("the switch on Zammad's sipgate.io page is on")),
    Switches.OFF: Advice(
        what=N_("the switch on Zammad's sipgate.io page is off"),
        why=N_("It is the sidecar's own switch: calls are neither blocked nor logged, and nothing opens."),
        cure=N_("turn it on, System > Integrations > sipgate.io"),
    ),
    Switches.CTI_OFF: Advice(
        what=N_("Zammad's CTI integration is off"), why=_OPENS_NOTHING, cure=N_("run `sipgate-sidecar install`")
    ),
    Switches.PLACETEL_ON: Advice(
        what=N_("Zammad's Placetel integration is on as well"),
        why=N_("Calls that reach both are listed twice, and open two dialogs."),
        cure=N_("turn off the one that is not used, System > Integrations"),
    ),
    Switches.NO_CTI_TOKEN: Advice(
        what=N_("Zammad has no token for its CTI endpoint"),
        why=_OPENS_NOTHING,
        cure=N_("open System > Integrations > CTI (generic) in Zammad once, then restart Zammad"),
    ),
    Switches.NO_HOOK_TOKEN: Advice(
        what=N_("there is no token for the hook path, neither Zammad's nor sipgate.token"),
        why=_UNKEPT,
        cure=N_("set sipgate.token, and enter the URLs of `sipgate-sidecar check --show-urls` at sipgate"),
    ),
    Switches.TOKENS_DIFFER: Advice(
        what=N_("sipgate.token differs from the token on Zammad's sipgate.io page"),
        why=N_("The URL that Zammad shows is refused by the sidecar."),
        cure=N_("enter the URLs of `sipgate-sidecar check --show-urls` at sipgate, or take sipgate.token out"),
    ),
    Switches.CTI_PAGE_EMPTY: Advice(
        what=N_("the settings of Zammad's CTI page are empty"),
        why=_OPENS_NOTHING,
        cure=N_("save the page System > Integrations > CTI (generic) in Zammad once"),
    ),
    Switches.NOTIFIES_SOME: Advice(
        what=N_("the CTI page has rows that say who is notified of which queue"),
        why=N_("Agents in none of these rows see an empty caller log and no ringing calls."),
        cure=N_("remove the rows, System > Integrations > CTI (generic)"),
    ),
    Switches.NO_SUCH_QUEUE: Advice(
        what=N_('the row "{queue}" of the Caller Log Filter is no number: no call is in this queue'),
        why=N_("Its agents see only their own calls and those of other rows, here and in Zammad."),
        cure=N_("write the number of the line in digits (4930123456), System > Integrations > CTI (generic)"),
    ),
    Switches.OTHER_BLOCK_LIST: Advice(
        what=N_("the CTI page has a block list of its own"),
        why=N_("It blocks nothing here, but Zammad lists these calls as rejected although they rang."),
        cure=N_("move its rows to the sipgate.io page, then remove them from System > Integrations > CTI (generic)"),
    ),
    Switches.OTHER_CALLER_IDS: Advice(
        what=N_("the CTI page has caller ids of its own"),
        why=N_("Zammad's caller log shows them instead of the extension that really called."),
        cure=N_("move them to the sipgate.io page, then remove them from System > Integrations > CTI (generic)"),
    ),
    Switches.ENDPOINT_OPEN: Advice(what=N_("Zammad takes calls from the sidecar")),
    Switches.OLD_SETTINGS: Advice(
        what=N_("the setting is on, but Zammad's process says: {words}"),
        why=_OPENS_NOTHING,
        cure=N_(
            "wait 15 seconds and check again; if it stays so, a process of Zammad's has old settings: restart Zammad"
        ),
    ),
    Switches.OLD_TOKEN: Advice(
        what=N_("Zammad's process does not know the cti_token that its settings show: {words}"),
        why=_OPENS_NOTHING,
        cure=N_("the token was changed just now, or a process of Zammad's has old settings: restart Zammad"),
    ),
    Switches.IMPOSSIBLE_TAKEN: Advice(
        what=N_("could not be tried: it took a call with an impossible direction"),
        why=N_("Whether Zammad takes calls is not known."),
        cure=_AGAIN,
    ),
    Switches.ENDPOINT_UNTRIED: Advice(
        what=N_("could not be tried: {error}"), why=N_("Whether Zammad takes calls is not known."), cure=_AGAIN
    ),
    Views.CLASSIC: Advice(
        what=N_(
            "calls open tickets and profiles in Zammad's classic view, for agents with cti.agent and ticket.agent "
            "whose phone switch is on; in the desktop view of 6.x (/desktop) nothing opens"
        )
    ),
    Views.OFFERED: Advice(
        what=N_(
            "this Zammad offers the desktop view beside the classic one: from 7.2 on calls open in both, up to 7.1 in "
            "the classic one alone; for agents with cti.agent and ticket.agent whose phone switch is on"
        )
    ),
    Views.TABS_WANTED: Advice(
        what=N_("for {names} each call adds a tab to the desktop view (user attribute cti_desktop_tab)"),
        why=N_("The classic view shows each of them as a second dialog at its next reload."),
        cure=N_("take the attribute off these users with Zammad 7.2, where the desktop view opens by itself"),
    ),
    Views.TABS_DUE_TO_GO: Advice(
        what=N_("for {names} each call adds a tab to the desktop view (user attribute cti_desktop_tab)"),
        why=N_("From Zammad 7.2 on the desktop view opens by itself: they then get two for each call."),
        cure=N_("take the attribute off these users if Zammad is 7.2 or newer; 7.0 and 7.1 still need it"),
    ),
    Views.TABS_FORBIDDEN: Advice(
        what=N_("Zammad lets the sidecar add no tab to the desktop view of {names}"),
        why=N_("Calls open in the classic view alone, as they do without the attribute cti_desktop_tab."),
        cure=N_("give admin.user to the service user's role and to the token: a tab is added in the agent's name"),
    ),
    Views.TABS_REFUSED: Advice(
        what=N_("Zammad has refused the last tab in the desktop view of {names}: {words}"),
        why=N_("Calls open in the classic view alone, as they do without the attribute cti_desktop_tab."),
        cure=N_("see Zammad's log for the reason; if it stays, take cti_desktop_tab off these users"),
    ),
}

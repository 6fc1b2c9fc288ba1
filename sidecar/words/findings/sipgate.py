"""What sipgate's own interface tells, and what is wrong with the way to it."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.calls.rules.suggestions import Suggested
from sidecar.calls.sipgate.dialling import NotDialled
from sidecar.codes.sipgate import AtSipgate, HookUrl, SipgateFault, SipgateUse, Unseen
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_, Message, N_plural

_LOST = N_("sipgate's hooks do not reach the sidecar: nothing is logged, blocked or opened.")
_LOST_ONE_WAY = N_("Calls of this direction do not reach the sidecar: none of them is logged, blocked or opened.")
_SET_URLS = N_("run `sipgate-sidecar install --sipgate`, or enter the URLs of `check --show-urls` at sipgate")
_SOME_LOST = N_("Calls of these lines and groups are told to nobody.")

SIPGATE_FACTS: Mapping[str, Message] = {
    SipgateFault.NO_CONNECTION: N_("cannot connect to sipgate: {detail}"),
    SipgateFault.NO_ANSWER: N_("no answer from sipgate in time"),
    SipgateFault.LOST: N_("the connection to sipgate was lost"),
    SipgateFault.UNREADABLE: N_("sipgate's answer cannot be read: {detail}"),
    SipgateFault.PAUSED: N_("sipgate has asked for a pause of {wait:about}"),
    SipgateUse.KIND: N_("the kind of account"),
    SipgateUse.ACCOUNT: N_("whether calls are kept"),
    SipgateUse.PEOPLE: N_("sipgate's users"),
    SipgateUse.NUMBERS: N_("the account's numbers"),
    SipgateUse.HOOK_URLS: N_("the hook URLs at sipgate"),
    SipgateUse.HOOK_LOG: N_("sipgate's log of hooks"),
    SipgateUse.LINES: N_("lines and groups"),
    SipgateUse.CHANNELS: N_("channels"),
    SipgateUse.PHONES: N_("the telephones of sipgate's users"),
    SipgateUse.NOTICES: N_("sipgate's own e-mails"),
    SipgateUse.HISTORY: N_("the history of calls"),
    Unseen.KIND: N_("The account is taken for one of the kind Classic."),
    Unseen.ACCOUNT: N_("Whether calls can be filled in after an outage is not known beforehand."),
    Unseen.PEOPLE: N_(
        "No agents are suggested for sipgate's users, no calls are filled in, and nobody calls with a click."
    ),
    Unseen.NUMBERS: N_("Whether the caller ids belong to the account is not looked at."),
    Unseen.HOOK_URLS: N_("Whether sipgate's hooks lead here is not looked at."),
    Unseen.HOOK_LOG: N_("What sipgate got for its hooks is not looked at."),
    Unseen.LINES: N_("Lines and groups that send no hooks are not named."),
    Unseen.CHANNELS: N_("Channels that send no hooks are not named."),
    Unseen.PHONES: N_("Nobody can call with a click."),
    Unseen.NOTICES: N_("Whether sipgate's own e-mails become second tickets is not looked at."),
    Unseen.HISTORY: N_(
        "Calls that hooks have not told of are not filled in, and messages left on a mailbox are not found."
    ),
    AtSipgate.LINE: "{name}",
    Suggested.BY_EMAIL: N_("same e-mail: {email}"),
    Suggested.BY_NAME: N_("same name, perhaps: {name}"),
    Suggested.NOBODY: N_("no agent with this e-mail or name"),
    Suggested.SEVERAL: N_("{count} agents with this e-mail or name"),
    NotDialled.EMERGENCY: N_("is an emergency number: dial it on the telephone itself."),
    NotDialled.EXPENSIVE: N_("may cost more than usual: dial it on the telephone itself."),
    NotDialled.TOO_SHORT: N_("is too short to be dialled from here."),
    NotDialled.NO_NUMBER: N_("is no number that can be dialled."),
    HookUrl.INCOMING: N_("incoming calls"),
    HookUrl.OUTGOING: N_("outgoing calls"),
}

AT_SIPGATE: Mapping[str, Advice] = {
    AtSipgate.TOKEN_GOOD: Advice(what=N_("sipgate knows the token; it belongs to {user} of account {account}")),
    AtSipgate.TOKEN_REFUSED: Advice(
        what=N_("sipgate does not know the token: {error}"),
        why=N_("Nothing that is asked of sipgate works without it; hooks go on."),
        cure=N_(
            "make a new token at app.sipgate.com/personal-access-token and put it into sipgate.api.token or its file"
        ),
    ),
    AtSipgate.UNREACHED: Advice(
        what=N_("sipgate's interface could not be asked: {error}"),
        why=N_("What is set at sipgate could not be looked at; hooks go on."),
        cure=N_("check again later; if it stays so, look at sipgate.api.url and the network between"),
    ),
    AtSipgate.CLASSIC: Advice(what=N_("the account is of the kind Classic")),
    AtSipgate.NEO: Advice(what=N_("the account is of the kind Neo: channels instead of lines and groups")),
    AtSipgate.FORBIDDEN: Advice(
        what=N_("{use}: not shown ({error})"),
        why=N_("{unseen} The rest goes on."),
        cure=N_(
            "one of four: the token lacks the scope {scope}, its user lacks the right (use an administrator's token), "
            "the feature is not booked, or this kind of account does not have it"
        ),
    ),
    AtSipgate.UNREAD: Advice(
        what=N_("{use}: could not be read ({error})"),
        why=N_("{unseen} The rest goes on."),
        cure=N_("check again later"),
    ),
    AtSipgate.NOT_AVAILABLE: Advice(
        what=N_("{use}: not available on this kind of account"), why=N_("{unseen} The rest goes on.")
    ),
    AtSipgate.URLS_OURS: Advice(what=N_("both hook URLs at sipgate lead here, with the current token")),
    AtSipgate.URLS_LEAD_HERE: Advice(
        what=N_("both hook URLs at sipgate lead here; whether their token is the current one is not known yet")
    ),
    AtSipgate.URL_EMPTY: Advice(what=N_("no hook URL is set for {direction}"), why=_LOST_ONE_WAY, cure=_SET_URLS),
    AtSipgate.URL_ELSEWHERE: Advice(
        what=N_("the hook URL for {direction} leads somewhere else: to {host}"), why=_LOST_ONE_WAY, cure=_SET_URLS
    ),
    AtSipgate.URL_SCHEME: Advice(
        what=N_("the hook URL for {direction} begins with {found}, server.public_url with {expected}"),
        why=N_(
            "A proxy that only leads on to the other loses these calls; over http the token and the numbers can be "
            "read on the way."
        ),
        cure=_SET_URLS,
    ),
    AtSipgate.URL_PATH: Advice(
        what=N_("the hook URL for {direction} leads to {host}, but its path is not that of the hooks"),
        why=_LOST_ONE_WAY,
        cure=_SET_URLS,
    ),
    AtSipgate.URL_UNREADABLE: Advice(
        what=N_("what is set at sipgate as the hook URL for {direction} is no address"),
        why=_LOST_ONE_WAY,
        cure=_SET_URLS,
    ),
    AtSipgate.URL_SWAPPED: Advice(
        what=N_("the hook URL for {direction} is that of the other direction"),
        why=N_("Blocking and caller ids are without effect."),
        cure=_SET_URLS,
    ),
    AtSipgate.URL_OLD_TOKEN: Advice(
        what=N_("the hook URL for {direction} still has the previous token"),
        why=N_("It is accepted for a while only (sipgate.token_overlap); then every hook is refused."),
        cure=_SET_URLS,
    ),
    AtSipgate.URL_WRONG_TOKEN: Advice(
        what=N_("the hook URL for {direction} has a wrong token"), why=_LOST_ONE_WAY, cure=_SET_URLS
    ),
    AtSipgate.URLS_REFUSED: Advice(
        what=N_("sipgate does not let the hook URLs be set: {error}"),
        cure=N_(
            "one of four: the token lacks the scope settings:sipgateio:read or settings:sipgateio:write, its user "
            "lacks the right (use an administrator's token), sipgate.io is not booked, or this kind of account does "
            "not have it; or enter the URLs of `check --show-urls` at sipgate"
        ),
    ),
    AtSipgate.URLS_PERHAPS_SET: Advice(
        what=N_("whether sipgate has set the hook URLs is not known: {error}"),
        cure=N_("run `sipgate-sidecar install --sipgate` again: it shows what is set now"),
    ),
    AtSipgate.ALL_LINES: Advice(what=N_("hooks come for all lines and groups")),
    AtSipgate.NO_LINES: Advice(
        what=N_("hooks are allowed for no line and no group"),
        why=_LOST,
        cure=N_("choose lines and groups in sipgate's settings of sipgate.io"),
    ),
    AtSipgate.LINES: Advice(what=N_("hooks come for: {lines:items}")),
    AtSipgate.LINES_MISSING: Advice(
        what=N_("no hooks come for: {lines:items}"),
        why=_SOME_LOST,
        cure=N_("choose them in sipgate's settings of sipgate.io, unless it is meant so"),
    ),
    AtSipgate.LOG_OFF: Advice(what=N_("sipgate's log of hooks is switched off there: not looked at")),
    AtSipgate.LOG_EMPTY: Advice(what=N_("sipgate's log of hooks is empty")),
    AtSipgate.LOG_GOOD: Advice(
        what=N_plural(
            "the only hook in sipgate's log was answered well, {age:ago}",
            "all of the last {count} hooks were answered well, the newest {age:ago}",
        )
    ),
    AtSipgate.LOG_BAD: Advice(
        what=N_plural(
            "{count} of the last {of} hooks was not answered well, {age:ago}: {status}",
            "{count} of the last {of} hooks were not answered well, the last one {age:ago}: {status}",
        ),
        why=N_("sipgate goes on without an answer: such calls are neither blocked nor told to the end."),
        cure=N_("look at `sipgate-sidecar hooks list` and at the proxy's log at that time"),
    ),
    AtSipgate.CALLER_IDS_OWN: Advice(
        what=N_plural("the caller id belongs to the account", "all {count} caller ids belong to the account")
    ),
    AtSipgate.CALLER_ID_FOREIGN: Advice(
        what=N_("a caller id does not belong to the account: {chosen}"),
        why=N_("sipgate may ignore it, or let the call fail."),
        cure=N_("correct it in Zammad: the routing table, or the agent's sipgate_number"),
    ),
    AtSipgate.CALLS_KEPT: Advice(what=N_("sipgate keeps a history of calls")),
    AtSipgate.CALLS_NOT_KEPT: Advice(
        what=N_("sipgate keeps no history of calls"),
        why=N_("Calls during an outage cannot be filled in afterwards, and messages left on a mailbox are not found."),
        cure=N_("switch the history on in sipgate's settings, if you want that"),
    ),
    AtSipgate.NOTICE: Advice(
        what=N_("sipgate itself mails missed calls or voicemails of {line} to {email}, which Zammad makes tickets of"),
        why=N_("A missed call may become two tickets."),
        cure=N_("take the address out of sipgate's notifications, or leave cti_callbacks empty for that line"),
    ),
    AtSipgate.NOTICE_ALONE: Advice(
        what=N_(
            "sipgate itself mails missed calls or voicemails of {line} to {email}, which Zammad makes tickets of; the "
            "sidecar makes none"
        )
    ),
}

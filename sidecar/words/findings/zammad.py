"""Whether Zammad answers, knows the token and lets it do what is needed."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Permitted, Reached
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_

_UNREACHED = N_("Calls are answered from what was read before, but nothing of them reaches the agents.")
_NO_TOKEN = N_("Nothing that the sidecar does in Zammad works without it.")
_NEW_TOKEN = N_(
    "log in to Zammad as the service user, create a token (Profile > Token Access; where that is missing the role "
    "lacks user_preferences.access_token), and put it into zammad.token, SIDECAR_ZAMMAD__TOKEN or the file "
    "zammad.token_file names"
)
_EITHER = N_(
    "Zammad does not say whether the role or the token lacks it: give the service user a role with {permission} "
    "(Manage > Roles); if it has one, create the token anew with {permission} ticked (Profile > Token Access; "
    "where that is missing the role lacks user_preferences.access_token)"
)
_ROLE_THEN_TICKED = N_(
    "give the service user a role with {permission} (Manage > Roles), then create the token anew with {permission} "
    "ticked (Profile > Token Access; where that is missing the role lacks user_preferences.access_token)"
)
_APART = N_("Calls are listed at the wrong time, and missed calls are matched with the wrong tickets.")
_SET_CLOCK = N_("let both machines take their time from the network (`timedatectl set-ntp true`)")
_AGAIN = N_("run `sipgate-sidecar check` again; if it stays so, look into Zammad's log")
_NOT_STARTED = N_("`serve` does not start.")
_CORRECT_HOST = N_("correct the host in zammad.url, or the name server of this machine")


def _unreached(cure: str) -> Advice:
    return Advice(what="{url}: {error}", why=_UNREACHED, cure=cure)


ZAMMAD: Mapping[str, Advice] = {
    Reached.ANSWERS: Advice(what=N_("{url} answers; the token belongs to {login}")),
    Reached.CERTIFICATE: _unreached(
        N_("set zammad.verify_tls to the CA bundle that signed Zammad's certificate, or renew the certificate")
    ),
    Reached.NO_TLS: _unreached(
        N_("zammad.url begins with https://, but no TLS is spoken there: correct the scheme or the port")
    ),
    Reached.REDIRECTED: _unreached(N_("set zammad.url to the address it redirects to, usually the one with https://")),
    Reached.NO_HOST: _unreached(_CORRECT_HOST),
    Reached.NOBODY_THERE: _unreached(
        N_(
            "start Zammad, or correct host and port in zammad.url; right after `install` Zammad restarts itself: then "
            "wait a minute"
        )
    ),
    Reached.NO_ZAMMAD: _unreached(
        N_("zammad.url leads to something that is no Zammad: set it to Zammad's own address")
    ),
    Reached.TOO_SLOW: _unreached(N_("look at Zammad's load and the network between, or raise zammad.timeout")),
    Reached.NO_TOKENS: _unreached(N_("allow token access in Zammad, System > API")),
    Reached.MAINTENANCE: _unreached(N_("end Zammad's maintenance mode")),
    Reached.UNREACHABLE: _unreached(
        N_("check zammad.url, and that Zammad runs; right after `install` it restarts itself: then wait a minute")
    ),
    Reached.RESTARTING: Advice(
        what=N_("{url} is restarting after the new attributes of `install`: {error}"),
        why=_UNREACHED,
        cure=N_(
            "wait a minute and run `sipgate-sidecar check` again; if it stays away, nothing restarts its processes: "
            "start Zammad"
        ),
    ),
    Reached.TOKEN_EXPIRED: Advice(what=N_("Zammad says: the token has expired"), why=_NO_TOKEN, cure=_NEW_TOKEN),
    Reached.USER_INACTIVE: Advice(
        what=N_("the user the token belongs to is not active"),
        why=_NO_TOKEN,
        cure=N_("activate the service user again in Zammad, Manage > Users"),
    ),
    Reached.TOKEN_UNKNOWN: Advice(what=N_("Zammad does not know the token: {error}"), why=_NO_TOKEN, cure=_NEW_TOKEN),
    Reached.CLOCK_UNREAD: Advice(
        what=N_("Zammad's time could not be read: {error}"),
        why=N_("Clocks that differ show calls at the wrong time."),
        cure=N_("compare `date` on both machines"),
    ),
    Reached.CLOCK_UNTOLD: Advice(what=N_("Zammad does not tell its time; a proxy in front of it would")),
    Reached.CLOCK_AGREES: Advice(what=N_("this machine and Zammad agree")),
    Reached.CLOCK_AHEAD: Advice(
        what=N_("this machine's clock is {apart:about} ahead of Zammad's"), why=_APART, cure=_SET_CLOCK
    ),
    Reached.CLOCK_BEHIND: Advice(
        what=N_("this machine's clock is {apart:about} behind Zammad's"), why=_APART, cure=_SET_CLOCK
    ),
    Reached.BAD_URL: Advice(
        what=N_("zammad.url cannot be used"),
        why=_NOT_STARTED,
        cure=N_(
            "correct zammad.url: it begins with https:// or http://, names a host, and has no user, password, query "
            "or fragment"
        ),
    ),
    Reached.BAD_TOKEN: Advice(
        what=N_("zammad.token is empty or has characters that no token has"), why=_NOT_STARTED, cure=_NEW_TOKEN
    ),
    Reached.BAD_CA_BUNDLE: Advice(
        what=N_("zammad.verify_tls: the CA bundle cannot be used: {error}"),
        why=_NOT_STARTED,
        cure=N_("correct zammad.verify_tls; a CA bundle is a file in PEM form"),
    ),
    Reached.SETTINGS_UNREAD: Advice(
        what=N_("could not be read: {error}"),
        why=N_("Switch, block list, routing table and agent map stand there."),
        cure=_AGAIN,
    ),
    Reached.ATTRIBUTES_UNREAD: Advice(
        what=N_("could not be read: {error}"), why=N_("Whether `install` was run is not known."), cure=_AGAIN
    ),
    Reached.AGENTS_UNREAD: Advice(
        what=N_("could not be read: {error}"), why=N_("Whose dialogs open is not known."), cure=_AGAIN
    ),
    Permitted.THERE: Advice(what=N_("{permissions}: there")),
    Permitted.UNTRIED: Advice(what=N_("{permission} could not be tried: {error}"), why="{without}", cure=_AGAIN),
    Permitted.NO_OBJECTS: Advice(
        what=N_("admin.object is missing, so the custom attributes could not be looked at"),
        why=N_("Only `install` needs it; a token for every day is better without it."),
        cure=N_("nothing, if `install` has been run; else run it with a token and a role that have admin.object"),
    ),
    Permitted.EITHER_LACKS: Advice(what=N_("{permission} is missing: {error}"), why="{without}", cure=_EITHER),
    Permitted.ROLE_LACKS: Advice(what=N_("{permission} is missing: {error}"), why="{without}", cure=_ROLE_THEN_TICKED),
}

"""The way from sipgate to here, what comes on it, and how people get into the pages."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Checked, Hooks, Passage, SignIn, WayIn
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_

_CALLS_LOST = N_("sipgate's hooks do not reach the sidecar: nothing is logged, blocked or opened.")
_RULE = N_("let the proxy send /api/v1/sipgate/ to the sidecar, before its rule for Zammad")
_URL_OR_RULE = N_(
    "correct server.public_url, or let the proxy send /api/v1/sipgate/ to the sidecar, before its rule for Zammad"
)
_ENTER = N_("enter the URLs of `sipgate-sidecar check --show-urls` at sipgate")
_WHOM = N_(
    "The journal names a wrong sender for every hook, and one stranger's attempts to sign in lock out everybody."
)
_TELL = N_("in {proxy}: {line}")
_NOBODY = N_("Nobody can sign in to the pages.")

ENTRANCE: Mapping[str, Advice] = {
    WayIn.LEADS_HERE: Advice(what=N_("{url} leads to this sidecar")),
    WayIn.UNTRIED: Advice(
        what=N_("could not be tried: no token is known"),
        why=N_("Without the token nobody can say whether the public URL leads here."),
        cure=N_("put right what is said about Zammad above, or set sipgate.token"),
    ),
    WayIn.NO_HOST: Advice(what=N_("{url}: no such host"), why=_CALLS_LOST, cure=_URL_OR_RULE),
    WayIn.BAD_CERTIFICATE: Advice(
        what=N_("{url}: its certificate is not valid"),
        why=N_("sipgate refuses it."),
        cure=N_("give the proxy a certificate of a public authority, with the whole chain"),
    ),
    WayIn.NOT_FROM_HERE: Advice(
        what=N_("{url}: {ending} from here, but hooks do arrive"),
        why=N_("Some routers do not let a network reach its own public address; then nothing is wrong."),
        cure=N_("check from another network, if at all"),
    ),
    WayIn.UNANSWERED: Advice(
        what=N_("{url}: {ending}, though the sidecar runs"),
        why=_CALLS_LOST,
        cure=N_("correct server.public_url, or point the proxy at server.host and server.port"),
    ),
    WayIn.NOBODY_RUNS: Advice(
        what=N_("{url}: {ending}; no sidecar runs here either"),
        why=N_("Whether the URL leads to the sidecar can only be seen while it runs."),
        cure=N_("start `sipgate-sidecar serve`, then check again"),
    ),
    WayIn.ZAMMAD_ANSWERS: Advice(
        what=N_("{url}: Zammad itself answers hooks (HTTP {status}): the proxy's rule for the sidecar is missing"),
        why=_CALLS_LOST,
        cure=_RULE,
    ),
    WayIn.REDIRECTED: Advice(
        what=N_("{url}: redirected (HTTP {status}), which sipgate does not follow"), why=_CALLS_LOST, cure=_URL_OR_RULE
    ),
    WayIn.SOMEBODY_ELSE: Advice(
        what=N_("{url}: somebody else answers (HTTP {status})"), why=_CALLS_LOST, cure=_URL_OR_RULE
    ),
    WayIn.TOKEN_REFUSED: Advice(
        what=N_("{url}: a sidecar answers, but refuses the token"),
        why=_CALLS_LOST,
        cure=N_("restart `sipgate-sidecar serve` with this configuration; if there are two, correct the proxy"),
    ),
    WayIn.NO_NONCE: Advice(
        what=N_("{url}: a sidecar answers (HTTP {status}), but without the nonce"),
        why=N_("It knows no token yet and keeps nothing, or the proxy takes the header away."),
        cure=N_("see that `serve` reaches Zammad; let the proxy pass X-Sidecar-Nonce in both directions"),
    ),
    WayIn.NO_HTTPS: Advice(
        what=N_("{url} is not https"),
        why=N_("The token can be read on the way, and sipgate Neo sends hooks over HTTPS only."),
        cure=N_("set server.public_url to an https address"),
    ),
    WayIn.PRIVATE: Advice(
        what=N_("{host} is an address of the own network"),
        why=N_("sipgate calls from the internet and cannot reach it."),
        cure=N_("set server.public_url to the address under which the internet reaches the proxy"),
    ),
    Passage.PATH_CHANGED: Advice(
        what=N_("{url}: the proxy changes the path; what arrives is {path}"),
        why=_CALLS_LOST,
        cure=N_("the path has to stay as it is; in {proxy}: {line}"),
    ),
    Passage.TO_HTTPS: Advice(
        what=N_("{url} is redirected to {to}, which sipgate does not follow"),
        why=_CALLS_LOST,
        cure=N_("set server.public_url to {to}, and enter that address at sipgate"),
    ),
    Passage.ADDRESS_LOST: Advice(
        what=N_("{url}: the proxy does not say whom a request comes from"),
        why=_WHOM,
        cure=_TELL,
    ),
    Passage.ADDRESS_BELIEVED: Advice(
        what=N_("{url}: the proxy believes whatever senders say of their address"),
        why=_WHOM,
        cure=_TELL,
    ),
    Passage.UNTRUSTED: Advice(
        what=N_("the proxy at {address} is not among server.trusted_proxies"),
        why=_WHOM,
        cure=N_("add {address} to server.trusted_proxies"),
    ),
    Passage.WRONG_HOST: Advice(
        what=N_("{url}: what arrives is meant for the host {host}"),
        why=N_("Changes on the pages are refused, and signing in leads elsewhere."),
        cure=_TELL,
    ),
    Passage.SCHEME_LOST: Advice(
        what=N_("{url}: what arrives looks as if it had not come by https, or had"),
        why=N_("Cookies of sessions are kept over https only, and changes on the pages are refused."),
        cure=_TELL,
    ),
    Passage.BODY_LIMIT: Advice(
        what=N_("{url}: the proxy refuses a hook of 60 kB (HTTP {status})"),
        why=N_("Calls that ring at many phones are lost."),
        cure=_TELL,
    ),
    Passage.BUFFERED: Advice(
        what=N_("{url}: the proxy keeps streams back"),
        why=N_("Open pages stand still, and show calls long after they were."),
        cure=_TELL,
    ),
    Passage.PAGES_ELSEWHERE: Advice(
        what=N_("{url}: somebody else answers for the pages, or their path is changed"),
        why=N_("Nobody sees the pages."),
        cure=_TELL,
    ),
    Hooks.NONE: Advice(what=N_("none has come yet"), why=N_("Without hooks nothing is known of calls."), cure=_ENTER),
    Hooks.NONE_SIGNED: Advice(
        what=N_("none has come yet; with sipgate.signature: enforce, hooks without a valid signature are not kept"),
        why=N_("Without hooks nothing is known of calls."),
        cure=_ENTER,
    ),
    Hooks.LAST: Advice(what=N_("the last one came {age:ago} ({event:event}): {decision}")),
    Hooks.UNNAMED_MACHINE: Advice(
        what=N_(
            "answers that name nobody: {count}. They count as a queue or a machine, such calls as missed unless"
            " a person follows (calls.unnamed_answer: machine)"
        )
    ),
    Hooks.UNNAMED_PERSON: Advice(
        what=N_("answers that name nobody: {count}. They count as talks (calls.unnamed_answer: person)")
    ),
    Hooks.LAST_LONG_AGO: Advice(
        what=N_("the last one came {age:ago} ({event:event}): {decision}"),
        why=N_("sipgate may send its hooks somewhere else by now."),
        cure=_ENTER,
    ),
    Hooks.UNREADABLE: Advice(
        what=N_("{count} of the last {of} could not be read, the last one: {decision}"),
        why=N_("Calls they told of are missing in the log."),
        cure=N_("look at it with `sipgate-sidecar hooks show {hook}`; if sipgate sent it so, report it to the project"),
    ),
    Hooks.SIGNED: Advice(what=N_("of the last {of} hooks: {results}")),
    Hooks.BADLY_SIGNED: Advice(
        what=N_("of the last {of} hooks: {results}"),
        why=N_("Somebody else sends hooks, or a proxy changes their bodies on the way."),
        cure=N_(
            "let the proxy pass bodies and X-Sipgate-Signature as they are; if it does, see where they come from with "
            "`sipgate-sidecar hooks list`"
        ),
    ),
    Hooks.UNSIGNED: Advice(
        what=N_("of the last {of} hooks: {results}"),
        why=N_("Whether they came from sipgate is only shown by the token in the URL."),
        cure=N_("let the proxy pass the header X-Sipgate-Signature; sipgate Neo may send none"),
    ),
    Hooks.UNCHECKED: Advice(
        what=N_("not checked"),
        why=N_("Whoever learns the URL can send calls."),
        cure=N_("set sipgate.signature to report, later to enforce"),
    ),
    SignIn.BY_ZAMMAD: Advice(what=N_("{address}/: signed in by Zammad's own session")),
    SignIn.OTHER_HOST: Advice(
        what=N_("{url} is not Zammad's host: its session cookie does not get there"),
        why=_NOBODY,
        cure=N_('make an OAuth application in Zammad: docs/install.md, "Pages on another host"'),
    ),
    SignIn.BY_OAUTH: Advice(
        what=N_(
            "{address}/: signed in through Zammad's OAuth2; callback URL of its application: {address}/sign-in/done"
        )
    ),
    SignIn.OAUTH_UNTRIED: Advice(
        what=N_("Zammad does not say whether it knows the OAuth application: {error}"),
        why=N_("People may not be able to sign in."),
        cure=N_('see docs/install.md, "Pages on another host"'),
    ),
    SignIn.OAUTH_UNKNOWN: Advice(
        what=N_("Zammad does not know this OAuth application, or it has another secret"),
        why=_NOBODY,
        cure=N_("copy id and secret from System > API into web.oauth_client_id and web.oauth_client_secret_file"),
    ),
    SignIn.NO_HTTPS: Advice(
        what=N_("{address}/ is no https address"),
        why=N_("Browsers keep the cookie of a session over HTTPS only: nobody stays signed in there."),
        cure=N_("let the proxy speak HTTPS, and set server.public_url to that address"),
    ),
    SignIn.INNER_NAME: Advice(
        what=N_("links into Zammad lead to {url}"),
        why=N_("{host} is a name of the network inside, such as a container's: browsers do not find it."),
        cure=N_("set web.zammad_url to the address that people open Zammad with"),
    ),
    Checked.UNFINISHED: Advice(
        what=N_("not finished within {within:seconds}, the rest was left out"),
        why=N_("What was not looked at is not known."),
        cure=N_("look at what is slow: Zammad, the database or the network between; then check again"),
    ),
}

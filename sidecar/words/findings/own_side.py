"""What the sidecar itself stands on."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Own
from sidecar.words.findings.advice import Advice
from sidecar.words.marks import N_, N_plural

_NOT_STARTED = N_("`serve` does not start.")
_ANSWERED_ONLY = N_("Calls are answered, but neither kept nor shown to anybody.")
_START = N_("start `sipgate-sidecar serve`")
_FULL_DISK = N_("On a full disk hooks are answered, but no longer kept.")
_NO_ASIDE = N_("While the database takes no hooks they are in memory alone, and lost if the process ends.")
_MEND_ASIDE = N_(
    "see that the user of `serve` can write the file and nothing else holds it; a damaged one is set aside at a restart"
)
_LOG_LAGS = N_("Zammad's caller log lags behind.")

_NOT_SHOWN = N_(
    "Zammad itself does not recognise all numbers of these customers: no name in its caller log, an empty ticket. Here "
    "they are recognised all the same."
)

OWN_SIDE: Mapping[str, Advice] = {
    Own.USABLE: Advice(what=N_("{address} can be read and written")),
    Own.NO_DIRECTORY: Advice(
        what=N_("{file}: there is no such directory"),
        why=_ANSWERED_ONLY,
        cure=N_("create the directory {directory}, or correct {key}"),
    ),
    Own.NO_FILE: Advice(
        what=N_("{file} is not there yet"), why=N_("`serve` creates it at its first start."), cure=_START
    ),
    Own.EMPTY: Advice(what=N_("{address} is empty"), why=N_("`serve` sets it up at its first start."), cure=_START),
    Own.OLD_SCHEMA: Advice(
        what=N_("{address} has schema {schema}, this release brings {known}"),
        why=N_("`serve` migrates it at its next start."),
        cure=N_("make a backup, then restart `sipgate-sidecar serve`"),
    ),
    Own.UNUSABLE: Advice(what="{error}", why=_ANSWERED_ONLY, cure=N_("check database.url, and that the database runs")),
    Own.LOCKED: Advice(
        what="{error}",
        why=_ANSWERED_ONLY,
        cure=N_("end what holds the file (`fuser` names it; `serve` never does for long), then check again"),
    ),
    Own.READ_ONLY: Advice(
        what="{error}",
        why=_ANSWERED_ONLY,
        cure=N_("give the file, its directory and the -wal and -shm beside it to the user of `serve`"),
    ),
    Own.MALFORMED: Advice(
        what="{error}",
        why=_ANSWERED_ONLY,
        cure=N_("stop `serve`, keep the file for later, and restore a backup: `sipgate-sidecar restore`"),
    ),
    Own.JOURNAL_DAMAGED: Advice(
        what="{error}",
        why=N_("Hooks wait in another file until `serve` has replaced this one."),
        cure=N_("restart `serve`: it keeps the file, and goes on with what can be read of it; look at the disk"),
    ),
    Own.JOURNAL_EMPTY: Advice(
        what=N_("{file} is empty"),
        why=N_("Hooks that were in it are gone; their calls stay as they are."),
        cure=N_("look at the disk; `serve` makes a new one at its next start"),
    ),
    Own.LOG_TORN: Advice(
        what=N_("{file}-wal is damaged: its last changes cannot be read any more"),
        why=N_("Calls or hooks of the last minutes before the damage may be missing."),
        cure=N_("look at the disk; `serve` keeps a copy of the damaged file and goes on without them"),
    ),
    Own.ASIDE_UNUSABLE: Advice(what="{error}", why=_NO_ASIDE, cure=_MEND_ASIDE),
    Own.ASIDE_READ_ONLY: Advice(
        what=N_("{file} cannot be made: {directory} cannot be written to"),
        why=_NO_ASIDE,
        cure=N_("give the directory to the user of `serve`, or set database.journal to another one"),
    ),
    Own.SET_ASIDE: Advice(
        what=N_plural("a damaged file was set aside: {files}", "{count} damaged files were set aside: {files}"),
        why=N_(
            "What could be read of it went on; some calls or hooks may be missing. It still holds numbers of callers."
        ),
        cure=N_("look at the disk; delete the file, with the -wal and -shm beside it, once nobody needs it any more"),
    ),
    Own.TOO_NEW: Advice(
        what="{error}",
        why=_ANSWERED_ONLY,
        cure=N_("install the newer release again, or restore the backup made before it"),
    ),
    Own.ROOM: Advice(what=N_("{free:megabytes} free on the disk of {directory}")),
    Own.LITTLE_ROOM: Advice(
        what=N_("{free:megabytes} free on the disk of {directory}"),
        why=_FULL_DISK,
        cure=N_("free some space there, or move the file (database.url, database.journal); retention.* keeps less"),
    ),
    Own.KEYS: Advice(
        what=N_plural(
            "one public key for signatures, sipgate's own",
            "{count} public keys for signatures, sipgate's own among them",
        )
    ),
    Own.KEYS_UNUSABLE: Advice(
        what="{error}",
        why=_NOT_STARTED,
        cure=N_("put sipgate's public key there in PEM form (BEGIN PUBLIC KEY), or take the file out"),
    ),
    Own.NEVER_READ: Advice(
        what=N_("Zammad's settings were never read"),
        why=N_("`serve` does not run, or cannot reach Zammad: changes made there do not count yet."),
        cure=N_("start `sipgate-sidecar serve`, or look into its log"),
    ),
    Own.STALE: Advice(
        what=N_("last done {age:ago}"),
        why=N_("`serve` does not run, or cannot reach Zammad: changes made there do not count yet."),
        cure=N_("start `sipgate-sidecar serve`, or look into its log"),
    ),
    Own.LATE: Advice(
        what=N_plural(
            "one message to Zammad has been waiting for {age:about}",
            "{count} messages to Zammad wait, the oldest for {age:about}",
        ),
        why=_LOG_LAGS,
        cure=N_("start `sipgate-sidecar serve`, or see `sipgate-sidecar outbox list` for the reason"),
    ),
    Own.DEAD: Advice(
        what=N_plural("one message was refused by Zammad for good", "{count} messages were refused by Zammad for good"),
        why=N_("Their calls are incomplete in Zammad's caller log."),
        cure=N_("see `sipgate-sidecar outbox list`, then `outbox retry` or `outbox discard`"),
    ),
    Own.BAD_NUMBERS: Advice(
        what=N_plural(
            "one person has something unreadable in a number field: {people:items}",
            "{count} people have something unreadable in a number field: {people:items}",
        ),
        why=N_("They are not recognised when they call from these numbers."),
        cure=N_("correct the numbers in Zammad: +49 30 1234567, several separated by commas"),
    ),
    Own.BAD_MAIN_NUMBERS: Advice(
        what=N_plural(
            "one organization has something unreadable among its main numbers: {organizations:items}",
            "{count} organizations have something unreadable among their main numbers: {organizations:items}",
        ),
        why=N_("Callers from there are not recognised as somebody of these organizations, nor blocked with them."),
        cure=N_("correct cti_main_numbers in Zammad: +49 30 998*, several separated by commas"),
    ),
    Own.DOUBTFUL_NUMBERS: Advice(
        what=N_plural(
            "one customer has a number that can be read in several ways or lacks its area code: {people:items}",
            "{count} customers have numbers that can be read in several ways or lack their area code: {people:items}",
        ),
        why=N_("When they call from these numbers they are only shown as perhaps calling."),
        cure=N_("write the numbers with + in Zammad, or set phone.area_code"),
    ),
    Own.NUMBERS_IN_NOTES: Advice(
        what=N_plural(
            "one customer has a number in the note, which is not read",
            "{count} customers have numbers in their notes, which are not read",
        )
    ),
    Own.REPAIRS_REFUSED: Advice(
        what=N_plural(
            "Zammad refuses the repaired numbers of one customer, {name} (user {user}): {words}",
            "Zammad refuses the repaired numbers of {count} customers, for instance {name} (user {user}): {words}",
        ),
        why=_NOT_SHOWN,
        cure=N_(
            "look at such a customer in Zammad for a mandatory field without a value and fill it, or make that field "
            "optional for the sidecar's role by a core workflow (Manage > Core Workflows); it is tried again by itself"
        ),
    ),
    Own.REPAIRS_REFUSED_FOR: Advice(
        what=N_plural(
            "Zammad refuses the repaired numbers of one customer, {name} (user {user}): the mandatory field {field} is "
            "empty",
            "Zammad refuses the repaired numbers of {count} customers, for instance {name} (user {user}), mostly "
            "because the mandatory field {field} is empty",
        ),
        why=_NOT_SHOWN,
        cure=N_(
            "fill {field} in Zammad, or make it optional for the sidecar's role by a core workflow (Manage > Core "
            "Workflows: object User, condition role, action {field} optional); it is tried again by itself"
        ),
    ),
}

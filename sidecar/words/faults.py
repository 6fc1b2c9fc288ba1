"""What is wrong with Zammad, with the way to it, and with the database."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.faults import Fault, Unusable
from sidecar.words.marks import N_, Message

FAULTS: Mapping[str, Message] = {
    Fault.SAID: "{words}",
    Fault.SAID_WITH_STATUS: "{words} (HTTP {status})",
    Fault.NO_CONNECTION: N_("cannot connect to Zammad: {detail}"),
    Fault.NO_HTTP: N_("the request cannot be sent as HTTP"),
    Fault.NO_ANSWER: N_("no answer from Zammad in time"),
    Fault.LOST: N_("the connection to Zammad was lost"),
    Fault.UNREADABLE: N_("Zammad's answer cannot be read: {detail}"),
    Fault.REDIRECTED: N_("redirected to another address: is the URL of Zammad right? (HTTP {status})"),
    Fault.GIVEN_UP: N_("given up before it was sent"),
    Fault.HIDDEN: N_("{setting} is not among the settings that are shown"),
    Fault.NO_ADMIN_INTEGRATION: N_(
        "{words} (HTTP {status}) The settings need the permission admin.integration, for the user and for the token"
    ),
    Fault.NO_ADMIN_OBJECT: N_(
        "{words} (HTTP {status}) The attributes need the permission admin.object, for the user and for the token"
    ),
    Fault.SETTINGS_HIDDEN: N_(
        "settings not visible: {settings} (They need the permission admin.integration, for the user and for the token)"
    ),
    Unusable.CANNOT_OPEN: N_(
        "database cannot be opened ({address}; check database.url and that it is reachable): {said}"
    ),
    Unusable.NOT_SET_UP: N_("database is not set up ({address}; `sipgate-sidecar serve` does it at its start): {said}"),
    Unusable.LOCKED: N_("database is locked by another process ({address}; end that process or wait): {said}"),
    Unusable.CANNOT_WRITE: N_("database cannot be written ({address}; check the free space of its disk): {said}"),
    Unusable.READ_ONLY: N_("database cannot be written ({address}; this user may only read its file): {said}"),
    Unusable.MALFORMED: N_("database is damaged ({address}): {said}"),
    Unusable.ERROR: N_("database error ({address}): {said}"),
    Unusable.TOO_NEW: N_(
        "database cannot be used by this release: its schema {schema} needs a release that knows schema {needed}, "
        "this one knows {known}; install the newer release again"
    ),
    Unusable.NO_URL: N_(
        "database cannot be opened: database.url cannot be read, "
        "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
    ),
    Unusable.OTHER_DATABASE: N_(
        "database cannot be opened: database.url begins with {scheme}://, "
        "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
    ),
    Unusable.BARE_PASSWORD: N_(
        "database cannot be opened: the password in database.url has to be percent-encoded (@ is %40)"
    ),
    Unusable.NO_FILE: N_(
        "database cannot be opened: database.url names no file, "
        "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
    ),
    Unusable.FILE_ERROR: "{path}: {said}",
    Unusable.BYTES_LEFT: N_("{path}: {said}; what was deleted may still lie in the file"),
    Unusable.COPY_DIFFERS: N_("{path} does not hold what the database holds"),
    Unusable.WRITTEN_MEANWHILE: N_("{path} does not hold what {source} holds: something writes to it, stop `serve`"),
    Unusable.DAMAGED: N_("{path} is damaged: {said}"),
    Unusable.NO_DATABASE: N_("{path} cannot be read as a database: {said}"),
    Unusable.NOT_OURS: N_("this is no database of the sidecar"),
    Unusable.IN_USE: N_("{path} is in use by another `serve`, {who}: end that one first"),
    Unusable.OTHER_ENCODING: N_(
        "database cannot be used ({address}): its encoding is {encoding}, and names and texts need UTF8; "
        "make another one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    ),
    Unusable.PREVIOUS_RUNS: N_("{path}: `serve` of the previous release still runs on it; restart it"),
    Unusable.REPLACED: N_("database is not the one that was opened ({address}): {said}"),
    Unusable.NOT_ENDED: N_("an earlier transaction has not ended on the database server yet"),
    Unusable.STILL_WRITTEN: N_("more is written about it than can be erased; try again when the call is over"),
}

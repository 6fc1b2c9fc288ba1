"""What is wrong with Zammad, with the way to it, with the database, and with the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.configuration import FileFault, Misconfigured
from sidecar.codes.faults import Fault, Unshown, Unusable
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
    Unshown.PORT: N_("port {port}: {said}; choose another one with --port"),
    Unshown.NOT_STARTED: N_("the sidecar did not start; the lines above say why"),
}

CONFIGURATION: Mapping[str, Message] = {
    Misconfigured.SEVERAL: "{faults:lines}",
    Misconfigured.AT_KEY: "{key}: {what}",
    Misconfigured.FOUND: N_("{what} (found: {value})"),
    Misconfigured.FROM_VARIABLE: N_("{what} (from {variable})"),
    Misconfigured.MISSING: N_("missing; set it in config.yaml or as {variable}"),
    Misconfigured.NO_SUCH_KEY: N_("no such key; take it out, or see config.example.yaml for the keys there are"),
    Misconfigured.DID_YOU_MEAN: N_("no such key; did you mean {key}?"),
    Misconfigured.NO_SETTING: N_(
        "{variable} is no setting; remove it, or write it as SIDECAR_SECTION__KEY with a key of config.example.yaml"
    ),
    Misconfigured.NO_SETTING_BUT: N_("{variable} is no setting; did you mean {meant}?"),
    Misconfigured.NO_JSON: N_("{variable} must be JSON such as {example}"),
    Misconfigured.BOOL: N_("must be true or false"),
    Misconfigured.NUMBER: N_("must be a number"),
    Misconfigured.FINITE: N_("must be a finite number"),
    Misconfigured.WHOLE: N_("must be a whole number"),
    Misconfigured.TEXT: N_("must be text; put it in quotes"),
    Misconfigured.EMPTY: N_("must not be empty"),
    Misconfigured.PATH: N_("must be the path of a file; put it in quotes"),
    Misconfigured.LIST: N_("must be a list such as [one, two]"),
    Misconfigured.MAP: N_("must be keys with values below it"),
    Misconfigured.SECTION: N_("must be a section with keys below it, as in config.example.yaml"),
    Misconfigured.GREATER: N_("must be greater than {than}"),
    Misconfigured.LEAST: N_("must be at least {than}"),
    Misconfigured.MOST: N_("must be at most {than}"),
    Misconfigured.ONE_OF: N_("must be {expected:or}"),
    Misconfigured.OTHERWISE: N_("cannot be used; see config.example.yaml for what may stand there"),
    Misconfigured.ADDRESS: N_("must be an address such as https://zammad.example.com"),
    Misconfigured.ADDRESS_LOGIN: N_("must not carry a user name or password; take them out of the address"),
    Misconfigured.ADDRESS_QUERY: N_("must not carry ? or #; end the address before them"),
    Misconfigured.DATABASE_URL: N_("must be sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"),
    Misconfigured.ROOT_PATH: N_("must be a path such as /sidecar, outside /api"),
    Misconfigured.COUNTRY: N_("must be a country's two letters such as DE or AT"),
    Misconfigured.AREA_CODE: N_('must be an area code of {country} such as "030", in quotes'),
    Misconfigured.NO_NUMBERS: N_("{name} cannot hold numbers of customers; leave it out"),
    Misconfigured.ATTRIBUTE: N_("must be the name of a user attribute in Zammad, such as fax"),
    Misconfigured.PROXY: N_("must be an IP address or a network such as 10.0.0.0/8"),
    Misconfigured.TOKEN: N_("must be one word of plain characters; copy the token again"),
    Misconfigured.PATH_TOKEN: N_(
        "stands in a URL: use letters, digits, - . _ ~ only, or leave it empty to take Zammad's"
    ),
    Misconfigured.VERIFICATION: N_("must be true, false or the path of a CA bundle"),
    Misconfigured.UNREADABLE_PATH: N_("{path}: {said}; correct the path or its permissions"),
    Misconfigured.NO_SECRET: N_("{path} must hold the secret alone, as one word; write it anew"),
    Misconfigured.TWICE: N_("{other} is set as well; keep one of the two"),
    Misconfigured.TOGETHER: N_("goes together with {other}; set both or neither"),
    Misconfigured.NO_PUBLIC_KEY: N_("{path}: no RSA public key in PEM form"),
    Misconfigured.NOWHERE: N_("neither set here nor in Zammad; save the sipgate.io page once"),
    Misconfigured.FOR_WRITING: N_("missing; install --sipgate writes through sipgate's own interface"),
    Misconfigured.NO_TOKEN: N_(
        "missing; set it here, in SIDECAR_ZAMMAD__TOKEN, or name a file that holds it in zammad.token_file"
    ),
    Misconfigured.FILE: N_("config file {path}: {what}"),
    Misconfigured.FILE_LINE: N_("config file {path}, line {line}: {what}; correct the line"),
    Misconfigured.ANOTHER_FILE: N_("{said}; name another one with --config"),
    Misconfigured.NOT_UTF8: N_("not text in UTF-8; save it so"),
    Misconfigured.NO_SECTIONS: N_("must be sections with keys, as in config.example.yaml"),
    Misconfigured.NOT_YAML: N_("cannot be read as YAML; compare it with config.example.yaml"),
    Misconfigured.SYNTAX: N_(
        "this line or the one before it is no YAML: a sign, a quote, a bracket or the indent is wrong"
    ),
    Misconfigured.TAB: N_("a tab; YAML wants blanks for the indent"),
    Misconfigured.KEY_TWICE: N_("{key} is written twice"),
    Misconfigured.KEY_NO_WORD: N_("a key must be a single word"),
    FileFault.MISSING: N_("no such file or directory"),
    FileFault.FORBIDDEN: N_("permission denied"),
    FileFault.DIRECTORY: N_("is a directory"),
    FileFault.OTHER: "{said}",
}

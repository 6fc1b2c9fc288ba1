"""What is wrong with the database, with Zammad, or with the way to it."""

from __future__ import annotations

from enum import StrEnum


class Unusable(StrEnum):
    """Why a database cannot be used; `said` are the words of its driver."""

    CANNOT_OPEN = "database.cannot_open"  # address, said
    NOT_SET_UP = "database.not_set_up"  # address, said
    LOCKED = "database.locked"  # address, said
    CANNOT_WRITE = "database.cannot_write"  # address, said
    READ_ONLY = "database.read_only"  # address, said
    MALFORMED = "database.malformed"  # address, said
    ERROR = "database.error"  # address, said
    TOO_NEW = "database.too_new"  # schema, needed, known
    NO_URL = "database.no_url"
    OTHER_DATABASE = "database.other_database"  # scheme
    BARE_PASSWORD = "database.bare_password"  # noqa: S105 - a code
    NO_FILE = "database.no_file"
    FILE_ERROR = "database.file_error"  # path, said
    BYTES_LEFT = "database.bytes_left"  # path, said
    COPY_DIFFERS = "database.copy_differs"  # path
    WRITTEN_MEANWHILE = "database.written_meanwhile"  # path, source
    DAMAGED = "database.damaged"  # path, said
    NO_DATABASE = "database.no_database"  # path, said
    NOT_OURS = "database.not_ours"
    PREVIOUS_RUNS = "database.previous_runs"  # path
    IN_USE = "database.in_use"  # path, who
    OTHER_ENCODING = "database.other_encoding"  # address, encoding
    REPLACED = "database.replaced"  # address, said
    NOT_ENDED = "database.not_ended"
    STILL_WRITTEN = "database.still_written"


class Unshown(StrEnum):
    """Why the demo cannot begin."""

    PORT = "demo.port"  # port, said: by the system
    NOT_STARTED = "demo.not_started"


class Fault(StrEnum):
    """What is wrong with Zammad, or with the way to it."""

    SAID = "fault.said"  # words
    SAID_WITH_STATUS = "fault.said_with_status"  # words, status
    NO_CONNECTION = "fault.no_connection"  # detail
    NO_HTTP = "fault.no_http"
    NO_ANSWER = "fault.no_answer"
    LOST = "fault.lost"
    UNREADABLE = "fault.unreadable"  # detail
    REDIRECTED = "fault.redirected"  # status
    GIVEN_UP = "fault.given_up"
    HIDDEN = "fault.hidden"  # setting
    NO_ADMIN_INTEGRATION = "fault.no_admin_integration"  # words, status
    NO_ADMIN_OBJECT = "fault.no_admin_object"  # words, status
    SETTINGS_HIDDEN = "fault.settings_hidden"  # settings

"""What is wrong with the configuration."""

from __future__ import annotations

from enum import StrEnum


class Misconfigured(StrEnum):
    """`key` is as in the file, `variable` of the environment; a secret is never a parameter."""

    SEVERAL = "configuration.several"  # faults: one a line
    AT_KEY = "configuration.at_key"  # key, what: one of those below
    FOUND = "configuration.found"  # what, value
    FROM_VARIABLE = "configuration.from_variable"  # what, variable
    MISSING = "configuration.missing"  # variable
    NO_SUCH_KEY = "configuration.no_such_key"
    DID_YOU_MEAN = "configuration.did_you_mean"  # key
    NO_SETTING = "configuration.no_setting"  # variable
    NO_SETTING_BUT = "configuration.no_setting_but"  # variable, meant
    NO_JSON = "configuration.no_json"  # variable, example
    BOOL = "configuration.bool"
    NUMBER = "configuration.number"
    FINITE = "configuration.finite"
    WHOLE = "configuration.whole"
    TEXT = "configuration.text"
    EMPTY = "configuration.empty"
    PATH = "configuration.path"
    LIST = "configuration.list"
    MAP = "configuration.map"
    SECTION = "configuration.section"
    GREATER = "configuration.greater"  # than
    LEAST = "configuration.least"  # than
    MOST = "configuration.most"  # than
    ONE_OF = "configuration.one_of"  # expected: texts
    OTHERWISE = "configuration.otherwise"
    ADDRESS = "configuration.address"
    ADDRESS_LOGIN = "configuration.address_login"
    ADDRESS_QUERY = "configuration.address_query"
    DATABASE_URL = "configuration.database_url"
    ROOT_PATH = "configuration.root_path"
    COUNTRY = "configuration.country"
    AREA_CODE = "configuration.area_code"  # country
    NO_NUMBERS = "configuration.no_numbers"  # name
    ATTRIBUTE = "configuration.attribute"
    PROXY = "configuration.proxy"
    TOKEN = "configuration.token"  # noqa: S105 - a code
    PATH_TOKEN = "configuration.path_token"  # noqa: S105 - a code
    VERIFICATION = "configuration.verification"
    UNREADABLE_PATH = "configuration.unreadable_path"  # path, said: a `Fault` of a file
    NO_SECRET = "configuration.no_secret"  # noqa: S105 - a code; path
    TWICE = "configuration.twice"  # other: the key that says the same
    TOGETHER = "configuration.together"  # other
    NO_PUBLIC_KEY = "configuration.no_public_key"  # path
    NOWHERE = "configuration.nowhere"
    FOR_WRITING = "configuration.for_writing"
    NO_TOKEN = "configuration.no_token"  # noqa: S105 - a code
    FILE = "configuration.file"  # path, what
    FILE_LINE = "configuration.file_line"  # path, line, what
    ANOTHER_FILE = "configuration.another_file"  # said
    NOT_UTF8 = "configuration.not_utf8"
    NO_SECTIONS = "configuration.no_sections"
    NOT_YAML = "configuration.not_yaml"
    SYNTAX = "configuration.syntax"
    TAB = "configuration.tab"
    KEY_TWICE = "configuration.key_twice"  # key
    KEY_NO_WORD = "configuration.key_no_word"


class FileFault(StrEnum):
    """Why the system does not give us a file."""

    MISSING = "file.missing"
    FORBIDDEN = "file.forbidden"
    DIRECTORY = "file.directory"
    OTHER = "file.other"  # said: the system's words

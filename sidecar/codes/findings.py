"""What `check` can find: each code stands for a fact, why it matters and what to do; behind it what it knows."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """What a finding is about."""

    ZAMMAD = "subject.zammad"
    TOKEN = "subject.token"  # noqa: S105 - a code
    CLOCK = "subject.clock"
    PERMISSIONS = "subject.permissions"
    PERMISSION = "subject.permission"  # permission
    SETTINGS = "subject.settings"
    ATTRIBUTES = "subject.attributes"
    AGENTS = "subject.agents"
    AGENT = "subject.agent"  # name
    AGENT_MAP = "subject.agent_map"
    BLOCK_LIST = "subject.block_list"
    CALLER_IDS = "subject.caller_ids"
    SETTING = "subject.setting"  # setting
    CTI_ENDPOINT = "subject.cti_endpoint"
    DATABASE = "subject.database"
    DISK = "subject.disk"
    KEYS = "subject.keys"
    SYNCHRONISATION = "subject.synchronisation"
    OUTBOX = "subject.outbox"
    NUMBERS = "subject.numbers"
    VIEWS = "subject.views"
    MAIN_NUMBERS = "subject.main_numbers"
    PUBLIC_URL = "subject.public_url"
    HOOKS = "subject.hooks"
    SIGNATURES = "subject.signatures"
    PAGES = "subject.pages"
    SIPGATE = "subject.sipgate"
    SIPGATE_HOOKS = "subject.sipgate_hooks"
    CALLBACKS = "subject.callbacks"
    CHECK = "subject.check"


class Reached(StrEnum):
    """Zammad, its token, its clock."""

    ANSWERS = "reached.answers"  # url, login
    CERTIFICATE = "reached.certificate"  # url, error; so all to UNREACHABLE
    NO_TLS = "reached.no_tls"
    REDIRECTED = "reached.redirected"
    NO_HOST = "reached.no_host"
    NOBODY_THERE = "reached.nobody_there"
    NO_ZAMMAD = "reached.no_zammad"
    TOO_SLOW = "reached.too_slow"
    NO_TOKENS = "reached.no_tokens"
    MAINTENANCE = "reached.maintenance"
    UNREACHABLE = "reached.unreachable"
    RESTARTING = "reached.restarting"  # url, error
    TOKEN_EXPIRED = "reached.token_expired"  # noqa: S105 - a code
    USER_INACTIVE = "reached.user_inactive"
    TOKEN_UNKNOWN = "reached.token_unknown"  # noqa: S105 - a code; error
    CLOCK_UNREAD = "reached.clock_unread"  # error
    CLOCK_UNTOLD = "reached.clock_untold"
    CLOCK_AGREES = "reached.clock_agrees"
    CLOCK_AHEAD = "reached.clock_ahead"  # apart
    CLOCK_BEHIND = "reached.clock_behind"  # apart
    BAD_URL = "reached.bad_url"
    BAD_TOKEN = "reached.bad_token"  # noqa: S105 - a code
    BAD_CA_BUNDLE = "reached.bad_ca_bundle"  # error
    SETTINGS_UNREAD = "reached.settings_unread"  # error
    ATTRIBUTES_UNREAD = "reached.attributes_unread"  # error
    AGENTS_UNREAD = "reached.agents_unread"  # error


class Permitted(StrEnum):
    """What the service user and its token may do."""

    THERE = "permitted.there"  # permissions
    UNTRIED = "permitted.untried"  # permission, error, without: a `Without`
    NO_OBJECTS = "permitted.no_objects"
    EITHER_LACKS = "permitted.either_lacks"  # role or token; permission, error, without
    ROLE_LACKS = "permitted.role_lacks"  # permission, error, without


class Without(StrEnum):
    """What a missing permission costs."""

    TICKET_AGENT = "without.ticket_agent"
    CTI_AGENT = "without.cti_agent"
    ADMIN_INTEGRATION = "without.admin_integration"
    ADMIN_USER = "without.admin_user"
    ADMIN_OBJECT = "without.admin_object"


class Installed(StrEnum):
    """The custom attributes."""

    ALL = "installed.all"  # count
    MISSING = "installed.missing"  # names
    NOT_MIGRATED = "installed.not_migrated"  # names
    WRONG = "installed.wrong"  # name, obstacle: an `Obstacle`
    NO_SUCH_ATTRIBUTE = "installed.no_such_attribute"  # name, of phone.attributes


class Obstacle(StrEnum):
    """Why `install` cannot do something."""

    OTHER_KIND = "obstacle.other_kind"  # existing, wanted
    SWITCHED_OFF = "obstacle.switched_off"
    HIDDEN = "obstacle.hidden"
    INACTIVE = "obstacle.inactive"


class Views(StrEnum):
    """What opens for an agent, and where."""

    CLASSIC = "views.classic"
    OFFERED = "views.offered"
    TABS_WANTED = "views.tabs_wanted"  # names
    TABS_DUE_TO_GO = "views.tabs_due_to_go"  # names
    TABS_FORBIDDEN = "views.tabs_forbidden"  # names
    TABS_REFUSED = "views.tabs_refused"  # names, words: Zammad's


class Mapped(StrEnum):
    """Who gets dialogs. `place`, `text` and `problem` are those of a rule's warning."""

    NOBODY = "mapped.nobody"
    SWITCH_ON = "mapped.switch_on"  # ids, who
    SWITCH_OFF = "mapped.switch_off"  # ids, who
    BAD_ROW = "mapped.bad_row"  # place, text, problem
    BAD_FIELD = "mapped.bad_field"  # place, text, problem
    SHARED = "mapped.shared"  # place, text, problem
    INACTIVE = "mapped.inactive"  # place, name, text
    NO_PERMISSION = "mapped.no_permission"  # place, name, text
    UNMAPPED = "mapped.unmapped"  # users
    USER = "mapped.user"  # id, name


class Rows(StrEnum):
    """Block list and caller ids. `place`, `text` and `problem` are those of a rule's warning."""

    IN_FORCE = "rows.in_force"  # place, text, problem; so all to CALLER_ID
    PART_OF_PAGE = "rows.part_of_page"
    BLOCK_ROW = "rows.block_row"
    BLOCKED_NUMBER = "rows.blocked_number"
    AGENTS_NUMBER = "rows.agents_number"
    CALLER_ID = "rows.caller_id"
    UNDERSTOOD = "rows.understood"  # understood, count
    READ_OTHERWISE = "rows.read_otherwise"  # understood, count, differences


class Difference(StrEnum):
    """How Zammad's built-in integration would read a row."""

    OF_ROW = "difference.of_row"  # row, text, difference: one of those to SPELLED_NUMBERS
    NO_WILDCARDS = "difference.no_wildcards"
    SPELLED_CALLS = "difference.spelled_calls"  # pattern
    EXPRESSION = "difference.expression"
    OPTIONAL_DIGIT = "difference.optional_digit"
    SPELLED_NUMBERS = "difference.spelled_numbers"  # pattern
    SHADOWED = "difference.shadowed"  # row, text, earlier, earlier_text


class Switches(StrEnum):
    """Zammad's settings for telephony, and its endpoint."""

    ON = "switches.on"
    OFF = "switches.off"
    CTI_OFF = "switches.cti_off"
    PLACETEL_ON = "switches.placetel_on"
    NO_CTI_TOKEN = "switches.no_cti_token"  # noqa: S105 - a code
    NO_HOOK_TOKEN = "switches.no_hook_token"  # noqa: S105 - a code
    TOKENS_DIFFER = "switches.tokens_differ"
    CTI_PAGE_EMPTY = "switches.cti_page_empty"
    NOTIFIES_SOME = "switches.notifies_some"
    NO_SUCH_QUEUE = "switches.no_such_queue"  # queue
    OTHER_BLOCK_LIST = "switches.other_block_list"
    OTHER_CALLER_IDS = "switches.other_caller_ids"
    ENDPOINT_OPEN = "switches.endpoint_open"
    OLD_SETTINGS = "switches.old_settings"  # words
    OLD_TOKEN = "switches.old_token"  # noqa: S105 - a code; words
    IMPOSSIBLE_TAKEN = "switches.impossible_taken"
    ENDPOINT_UNTRIED = "switches.endpoint_untried"  # error


class Own(StrEnum):
    """What the sidecar itself stands on."""

    USABLE = "own.usable"  # address
    NO_DIRECTORY = "own.no_directory"  # file, directory, key
    NO_FILE = "own.no_file"  # file
    EMPTY = "own.empty"  # address
    OLD_SCHEMA = "own.old_schema"  # address, schema, known
    UNUSABLE = "own.unusable"  # error
    LOCKED = "own.locked"  # error
    READ_ONLY = "own.read_only"  # error
    MALFORMED = "own.malformed"  # error
    JOURNAL_DAMAGED = "own.journal_damaged"  # error
    JOURNAL_EMPTY = "own.journal_empty"  # file
    LOG_TORN = "own.log_torn"  # file
    ASIDE_UNUSABLE = "own.aside_unusable"  # error
    ASIDE_READ_ONLY = "own.aside_read_only"  # file, directory
    SET_ASIDE = "own.set_aside"  # count, files
    TOO_NEW = "own.too_new"  # error
    ROOM = "own.room"  # free, directory
    LITTLE_ROOM = "own.little_room"  # free, directory
    KEYS = "own.keys"  # count
    KEYS_UNUSABLE = "own.keys_unusable"  # error
    NEVER_READ = "own.never_read"
    STALE = "own.stale"  # age
    LATE = "own.late"  # count, age
    DEAD = "own.dead"  # count
    BAD_NUMBERS = "own.bad_numbers"  # count, people
    BAD_MAIN_NUMBERS = "own.bad_main_numbers"  # count, organizations
    NUMBERS_OF = "own.numbers_of"  # name, user, texts
    MAIN_NUMBER_OF = "own.main_number_of"  # name, text, why: an `Unclear`
    DOUBTFUL_NUMBERS = "own.doubtful_numbers"  # count, people
    DOUBTFUL_NUMBER_OF = "own.doubtful_number_of"  # name, user
    NUMBERS_IN_NOTES = "own.numbers_in_notes"  # count
    REPAIRS_REFUSED = "own.repairs_refused"  # count, name, user, words
    REPAIRS_REFUSED_FOR = "own.repairs_refused_for"  # count, name, user, field


class WayIn(StrEnum):
    """The way from sipgate to here."""

    LEADS_HERE = "entrance.leads_here"  # url
    UNTRIED = "entrance.untried"
    NO_HOST = "entrance.no_host"  # url
    BAD_CERTIFICATE = "entrance.bad_certificate"  # url
    NOT_FROM_HERE = "entrance.not_from_here"  # url, ending: a `Silence`
    UNANSWERED = "entrance.unanswered"  # url, ending
    NOBODY_RUNS = "entrance.nobody_runs"  # url, ending
    ZAMMAD_ANSWERS = "entrance.zammad_answers"  # url, status
    REDIRECTED = "entrance.redirected"  # url, status
    SOMEBODY_ELSE = "entrance.somebody_else"  # url, status
    TOKEN_REFUSED = "entrance.token_refused"  # noqa: S105 - a code; url
    NO_NONCE = "entrance.no_nonce"  # url, status
    NO_HTTPS = "entrance.no_https"  # url
    PRIVATE = "entrance.private"  # host


class Passage(StrEnum):
    """What a proxy does to what passes through it; `line` is what it has to be told, in its own words."""

    PATH_CHANGED = "passage.path_changed"  # url, path, proxy, line
    TO_HTTPS = "passage.to_https"  # url, to
    ADDRESS_LOST = "passage.address_lost"  # url, proxy, line
    ADDRESS_BELIEVED = "passage.address_believed"  # url, proxy, line
    UNTRUSTED = "passage.untrusted"  # address
    WRONG_HOST = "passage.wrong_host"  # url, host, proxy, line
    SCHEME_LOST = "passage.scheme_lost"  # url, proxy, line
    BODY_LIMIT = "passage.body_limit"  # url, status, proxy, line
    BUFFERED = "passage.buffered"  # url, proxy, line
    PAGES_ELSEWHERE = "passage.pages_elsewhere"  # url, proxy, line


class Silence(StrEnum):
    """How nobody answered."""

    NO_CONNECTION = "silence.no_connection"
    NO_ANSWER = "silence.no_answer"
    BEHIND_PROXY = "silence.behind_proxy"  # status


class Hooks(StrEnum):
    """What the last hooks tell."""

    NONE = "hooks.none"
    NONE_SIGNED = "hooks.none_signed"
    LAST = "hooks.last"  # age, event, decision
    LAST_LONG_AGO = "hooks.last_long_ago"  # age, event, decision
    UNREADABLE = "hooks.unreadable"  # count, of, decision, hook
    UNREADABLE_EVENT = "hooks.unreadable_event"
    UNNAMED_MACHINE = "hooks.unnamed_machine"  # count
    UNNAMED_PERSON = "hooks.unnamed_person"  # count
    SIGNED = "hooks.signed"  # of, results
    BADLY_SIGNED = "hooks.badly_signed"  # of, results
    UNSIGNED = "hooks.unsigned"  # of, results
    UNCHECKED = "hooks.unchecked"
    SIGNATURES = "hooks.signatures"  # count, result


class SignIn(StrEnum):
    """How people get into the pages."""

    BY_ZAMMAD = "sign_in.by_zammad"  # address
    OTHER_HOST = "sign_in.other_host"  # url
    BY_OAUTH = "sign_in.by_oauth"  # address
    OAUTH_UNTRIED = "sign_in.oauth_untried"  # error
    OAUTH_UNKNOWN = "sign_in.oauth_unknown"
    NO_HTTPS = "sign_in.no_https"  # address
    INNER_NAME = "sign_in.inner_name"  # url, host


class Checked(StrEnum):
    """The check itself."""

    UNFINISHED = "checked.unfinished"  # within

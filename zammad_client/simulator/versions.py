"""What differs between the Zammads that are simulated: one fact a line, with its source.

"recording x" is one of that version in tests/recordings/zammad, "section n" one of the reference on Zammad.
Rooms ask for a fact, never for the number of a version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from types import MappingProxyType


class Mandatory(Enum):
    """What becomes of a change to a record that lacks the value of a mandatory attribute."""

    IGNORED = auto()
    MASKED = auto()  # refused; only full admins are told which attribute
    TOLD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    name: str
    # texts
    exists: str  # a call id, a name of an attribute
    user_lacks: str  # the permission, where a token asks and its user lacks it
    token_lacks: str
    person_lacks: str  # a session, or `From`
    other_user: str  # whose e-mail it is already
    name_with_id: str  # an attribute must not be called so
    all_messages: bool  # of a refused attribute, or the first one alone
    title: str  # of a new dialog; {caller} is the `from` of the answer
    # searching users and organizations
    page_default: int
    page_largest: int
    query_required: bool
    searches_every_text: bool  # phones and own attributes, or names, e-mail and login alone
    # what is checked
    mandatory: Mandatory
    unknown_organization: bool  # is refused
    broken_body: bool  # is refused, or read as an empty one
    longest_log: int | None  # of a content in `http_logs`
    log_facilities: frozenset[str] | None  # None: any
    # records
    first_phone_setting: int  # the id of `sipgate_integration`; the other settings of telephony follow
    user_lists: Mapping[str, str]  # further lists of ids in a user, and what they are called with `expand`
    organization_extra: Mapping[str, object]
    group_extra: Mapping[str, object]
    log_assets: frozenset[str]  # what the caller log takes along
    nameless_known: bool  # a user with nothing but a number is recognised
    # permissions
    groups_for_agents: bool  # groups and roles are shown to agents too
    # attributes
    keys_at_once: bool  # after the migration every record has them
    restarts: bool  # the migration makes every process end itself
    # further doors
    taskbar: bool
    core_workflows: bool
    ticket_form_tells: bool  # in which groups a ticket may be created, and which fields are mandatory
    ticket_extra: Mapping[str, object]
    ticket_names_extra: Mapping[str, object]  # with `expand`
    article_extra: Mapping[str, object]
    article_lacks: frozenset[str]
    customer_with_address: bool  # in the `from` of an article
    time_accountings: bool  # booked time has an address of its own, and an article with time is refused while it is off
    # since 7
    long_runs_cut: bool  # of letters and digits, in "Recent Logs"
    secrets_masked: bool  # in settings
    desktop_switch: bool  # the setting `ui_desktop_beta_switch`
    desktop_opens: bool  # the desktop view, too, on an answer


_5_2 = Version(
    name="5.2",
    exists="Object already exists!",  # recording cti_newcall_again
    user_lacks="Not authorized (user)!",  # recording groups_page
    token_lacks="Not authorized (token)!",  # recording attr_weak
    person_lacks="Not authorized (user)!",  # section 8.5
    other_user="other user",  # recording user_create_dup
    name_with_id="Name can't get used because *_id and *_ids are not allowed",  # recording attr_user_callerid
    all_messages=True,  # recording attr_bad_name
    title="Call",  # section 1.4
    page_default=100,  # section 10.1
    page_largest=1000,  # section 10.1
    query_required=True,  # recording users_search_noquery
    searches_every_text=False,  # recording user_search_phone
    mandatory=Mandatory.IGNORED,  # section 10.1
    unknown_organization=False,  # section 10.1
    broken_body=False,  # recording bad_json
    longest_log=10_000,  # recording http_logs_long_body
    log_facilities=None,  # section 10.1
    first_phone_setting=207,  # recording settings_one
    user_lists=MappingProxyType({"karma_user_ids": "karma_user"}),  # recording users_me
    organization_extra=MappingProxyType({}),  # recording organization_put
    group_extra=MappingProxyType({}),  # recording groups_page_admin
    log_assets=frozenset({"User", "Role", "Group", "Organization"}),  # recording cti_log
    nameless_known=False,  # section 2
    groups_for_agents=False,  # recording groups_page
    keys_at_once=False,  # recording users_page_unmigrated
    restarts=False,  # section 4
    taskbar=False,  # section 10.2: nobody has tried
    core_workflows=False,  # section 5.2: nobody has tried
    ticket_form_tells=False,  # section 6.4: nobody has tried
    ticket_extra=MappingProxyType({}),  # recording ticket_get
    ticket_names_extra=MappingProxyType({}),  # recording ticket_get
    article_extra=MappingProxyType({}),  # recording article_note
    article_lacks=frozenset(),  # recording article_note
    customer_with_address=False,  # recording ticket_create
    time_accountings=False,  # recording time_accounting
    long_runs_cut=False,  # section 10.1
    secrets_masked=False,  # section 10.1
    desktop_switch=False,  # section 10.2
    desktop_opens=False,  # section 10.2
)
_5_5 = replace(
    _5_2,
    name="5.5",
    exists="This object already exists.",  # recording cti_newcall_again
    user_lacks="Not authorized (token)!",  # recording groups_page
    other_user="another user",  # recording user_create_dup
    mandatory=Mandatory.MASKED,  # recording user_put_mandatory
    broken_body=True,  # recording bad_json
    longest_log=None,  # recording http_logs_long_body
    first_phone_setting=213,  # recording settings_one
    user_lists=MappingProxyType({"overview_sorting_ids": "overview_sortings"}),  # recording users_me
    group_extra=MappingProxyType({"reopen_time_in_days": None}),  # recording groups_page_admin
    log_assets=frozenset({"User", "Role", "Organization"}),  # recording cti_log
    ticket_form_tells=True,  # recording ticket_create_form
    customer_with_address=True,  # recording callback_articles
    ticket_extra=MappingProxyType({"last_close_at": None}),  # recording callback_ticket
)
_6_5 = replace(
    _5_5,
    name="6.5",
    user_lacks="Token authorization failed.",  # recording version
    token_lacks="Token authorization failed.",  # recording attr_weak
    person_lacks="User authorization failed.",  # section 10.1
    name_with_id="Name can't be used because *_id and *_ids are not allowed",  # recording attr_user_callerid
    all_messages=False,  # recording attr_bad_name
    title="Call from {caller}",  # section 1.4
    page_default=50,  # section 10.1
    page_largest=200,  # section 10.1
    query_required=False,  # recording users_search_noquery
    searches_every_text=True,  # recording user_search_phone
    unknown_organization=True,  # section 10.1
    log_facilities=frozenset({"sipgate.io", "cti", "placetel"}),  # section 10.1: a fixed list
    first_phone_setting=234,  # recording settings_one
    user_lists=MappingProxyType(  # recording users_me
        {"two_factor_preference_ids": "two_factor_preferences", "overview_sorting_ids": "overview_sortings"}
    ),
    organization_extra=MappingProxyType({"vip": False}),  # recording organization_put
    group_extra=MappingProxyType(  # recording groups_page_admin
        {"name_last": None, "parent_id": None, "reopen_time_in_days": None}
    ),
    log_assets=frozenset({"User", "Organization"}),  # recording cti_log
    nameless_known=True,  # section 10.1
    groups_for_agents=True,  # recording groups_page
    keys_at_once=True,  # section 4
    restarts=True,  # section 4
    taskbar=True,  # recording taskbar_create
    core_workflows=True,  # recording core_workflow_user
    time_accountings=True,  # recording time_create
    ticket_extra=MappingProxyType(  # recording callback_ticket
        {"last_close_at": None, "checklist_id": None, "referencing_checklist_ids": ()}
    ),
    ticket_names_extra=MappingProxyType({"referencing_checklists": ()}),  # recording callback_ticket
    article_extra=MappingProxyType({"detected_language": None, "time_unit": None}),  # recording note_articles
    article_lacks=frozenset({"references"}),  # recording note_articles
)
_7_1 = replace(
    _6_5,
    name="7.1",
    mandatory=Mandatory.TOLD,  # section 5.2, from source
    long_runs_cut=True,  # section 10.1, from source
    secrets_masked=True,  # section 10.1, from source
    desktop_switch=True,  # section 10.2, from source
)
_7_3 = replace(
    _7_1,
    name="7.3",
    desktop_opens=True,  # section 10.2, from source
)

VERSIONS: Mapping[str, Version] = MappingProxyType({each.name: each for each in (_5_2, _5_5, _6_5, _7_1, _7_3)})
NEWEST = _7_3.name

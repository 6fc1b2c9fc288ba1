"""What each recording of a Zammad needs to be played again: what had been done before, and whose ids stand in it."""

from __future__ import annotations

from collections.abc import Mapping

NOT_SIMULATED = {  # beginnings of names, of versions later than 5.2
    "core_workflow_ticket": "mandatory fields of tickets",
    "email_addresses": "mailboxes",
    "group_put": "attributes of groups, which were recorded with lists of another order",
    "ticket_create_form": "the form takes people, roles and priorities along, which nobody reads",
    "ticket_customer": "the tickets take people and organizations along, which nobody reads",
    "time_accounting_types": "kinds of activity",
    "triggers": "triggers",
}
# The id that the next ticket had on the recorded system.
NEXT_TICKET: Mapping[str, int] = {"5.5": 16, "6.5": 4}
NOT_REPLAYED = {
    "native_": "the built-in sipgate integration, which the sidecar replaces",
    "oauth_token": "recorded without its request; test_an_oauth_code_becomes_a_token_as_recorded plays the whole flow",
}

ATTRIBUTES = ("attr_user_bool", "attr_user_text", "attr_user_numbers", "attr_org_numbers", "attr_org_blocked")
_MIGRATED = (*ATTRIBUTES, "attr_migrate")
_ANSWERED = ("cti_newcall", "cti_answer")
_BOOKED = ("ticket_create", "article_note")

_CALLED = ("callback_ticket", "auto_reply_ticket")

# What had been done before on the recorded system, as far as the answer shows it: other recordings, in order.
BEFORE: Mapping[str, tuple[str, ...]] = {
    "article_note": ("ticket_create",),
    "article_phone_on_behalf": ("ticket_create",),
    "attr_migrate": ATTRIBUTES,
    "attr_migrate_again": _MIGRATED,
    "attr_user_bool_again": ("attr_user_bool",),
    "auto_reply_articles": _CALLED,
    "callback_articles": _CALLED,
    "callback_repeat": _CALLED,
    "cti_answer": ("cti_newcall",),
    "cti_answer_again": _ANSWERED,
    "cti_answer_after_hangup": (*_ANSWERED, "cti_hangup"),
    "cti_answer_array": ("cti_newcall",),
    "cti_done": ("cti_newcall",),
    "cti_done_bulk": ("cti_newcall",),
    "cti_hangup": _ANSWERED,
    "cti_log": (*_MIGRATED, "user_put", "cti_newcall", "cti_anonymous"),
    "cti_newcall_again": ("cti_newcall",),
    "taskbar_create_again": ("taskbar_create",),
    "taskbar_delete": ("taskbar_create",),
    "taskbar_list": ("taskbar_create",),
    "http_logs_cti": _ANSWERED,
    "note_articles": (*_CALLED, "note_without_time"),
    "note_as_agent": _CALLED,
    "note_time_switched_off": _CALLED,
    "note_time_switched_off_articles": _CALLED,
    "note_time_with_type": _CALLED,
    "note_without_time": _CALLED,
    "organization_put": _MIGRATED,
    "owner_not_agent": _CALLED,
    "pending_reminder": _CALLED,
    "pending_without_time": _CALLED,
    "organizations_plain": (*_MIGRATED, "organization_put"),
    "organizations_search_plain": (*_MIGRATED, "organization_put"),
    "tag_add": ("ticket_create",),
    "tags_get": ("ticket_create", "tag_add"),
    "ticket_after_note": (*_CALLED, "note_as_agent"),
    "ticket_close": _BOOKED,
    "ticket_merge": _CALLED,
    "ticket_merged": (*_CALLED, "ticket_merge"),
    "time_accountings": (*_CALLED, "time_create_without_from"),
    "time_create": _CALLED,
    "time_create_again": (*_CALLED, "time_create"),
    "time_create_without_from": _CALLED,
    "ticket_get": _BOOKED,
    "tickets_search_customer": _BOOKED,
    "tickets_search_tag": (*_BOOKED, "ticket_create_new_customer"),
    "tickets_search_title": (*_BOOKED, "ticket_create_new_customer"),
    "user_create": _MIGRATED,
    "user_create_dup": ("user_create",),
    "user_create_no_name": _MIGRATED,
    "user_put": _MIGRATED,
    "user_put_agent": _MIGRATED,
    "user_put_unknown_attr": (*_MIGRATED, "user_put"),
    "users_one_migrated": _MIGRATED,
}

# Where later versions were recorded after something else.
OTHERWISE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("5.5", "cti_done_bulk"): ("cti_newcall", "cti_anonymous"),
    ("5.5", "ticket_close"): _CALLED,
    ("6.5", "ticket_close"): _CALLED,
    ("5.5", "time_accountings"): _CALLED,
    ("6.5", "time_accounting"): ("ticket_create",),
}
# Ids of the recorded system -> those of the simulated one, in addresses and lists.
IDS: Mapping[tuple[str, str], Mapping[int, int]] = {
    ("5.5", "ticket_merge"): {56016: 33016},
    ("6.5", "ticket_merge"): {54004: 33004},
    ("6.5", "cti_done"): {24: 1},
    ("6.5", "cti_done_bulk"): {21: 1},
    ("6.5", "taskbar_delete"): {24: 1},
}

"""What findings are about."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Topic
from sidecar.words.marks import N_, Message

SUBJECTS: Mapping[str, Message] = {
    Topic.ZAMMAD: "Zammad",
    Topic.TOKEN: N_("token"),
    Topic.CLOCK: N_("clock"),
    Topic.PERMISSIONS: N_("permissions"),
    Topic.PERMISSION: N_("permission {permission}"),
    Topic.SETTINGS: N_("settings"),
    Topic.VIEWS: N_("views"),
    Topic.ATTRIBUTES: N_("attributes"),
    Topic.AGENTS: N_("agents"),
    Topic.AGENT: N_("agent {name}"),
    Topic.AGENT_MAP: N_("agent map"),
    Topic.BLOCK_LIST: N_("block list"),
    Topic.CALLER_IDS: N_("caller ids"),
    Topic.SETTING: "{setting}",
    Topic.CTI_ENDPOINT: N_("CTI endpoint"),
    Topic.DATABASE: N_("database"),
    Topic.DISK: N_("disk"),
    Topic.KEYS: N_("keys"),
    Topic.SYNCHRONISATION: N_("synchronisation"),
    Topic.OUTBOX: N_("outbox"),
    Topic.NUMBERS: N_("numbers"),
    Topic.MAIN_NUMBERS: N_("main numbers"),
    Topic.PUBLIC_URL: N_("public URL"),
    Topic.HOOKS: N_("hooks"),
    Topic.SIGNATURES: N_("signatures"),
    Topic.PAGES: N_("pages"),
    Topic.CALLBACKS: N_("callback tickets"),
    Topic.SIPGATE: "sipgate",
    Topic.SIPGATE_HOOKS: N_("hooks at sipgate"),
    Topic.CHECK: N_("check"),
}

"""What findings are about."""

from __future__ import annotations

from collections.abc import Mapping

from sidecar.codes.findings import Subject
from sidecar.words.marks import N_, Message

SUBJECTS: Mapping[str, Message] = {
    Subject.ZAMMAD: "Zammad",
    Subject.TOKEN: N_("token"),
    Subject.CLOCK: N_("clock"),
    Subject.PERMISSIONS: N_("permissions"),
    Subject.PERMISSION: N_("permission {permission}"),
    Subject.SETTINGS: N_("settings"),
    Subject.ATTRIBUTES: N_("attributes"),
    Subject.AGENTS: N_("agents"),
    Subject.AGENT: N_("agent {name}"),
    Subject.AGENT_MAP: N_("agent map"),
    Subject.BLOCK_LIST: N_("block list"),
    Subject.CALLER_IDS: N_("caller ids"),
    Subject.SETTING: "{setting}",
    Subject.CTI_ENDPOINT: N_("CTI endpoint"),
    Subject.DATABASE: N_("database"),
    Subject.DISK: N_("disk"),
    Subject.KEYS: N_("keys"),
    Subject.SYNCHRONISATION: N_("synchronisation"),
    Subject.OUTBOX: N_("outbox"),
    Subject.NUMBERS: N_("numbers"),
    Subject.MAIN_NUMBERS: N_("main numbers"),
    Subject.PUBLIC_URL: N_("public URL"),
    Subject.HOOKS: N_("hooks"),
    Subject.SIGNATURES: N_("signatures"),
    Subject.PAGES: N_("pages"),
    Subject.CHECK: N_("check"),
}

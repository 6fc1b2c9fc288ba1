"""What a hook foretells to those who deliver: a dialog soon, and whose phone switch it will depend on."""

from __future__ import annotations

from collections.abc import Callable

from sidecar.calls.conversation.participants import agents_rung
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Answered, Direction, NewCall, read_hook
from sidecar.delivery.phone_switches import PhoneSwitches
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.store.journal.rows import HookRow


class Foresight:
    def __init__(self, *, rules: Callable[[], Rules | None], switches: PhoneSwitches, way: RightOfWay) -> None:
        self._rules = rules
        self._switches = switches
        self._way = way

    def note(self, row: HookRow) -> None:
        """Of a hook on its way to the journal."""
        rules = self._rules()
        if row.event is None or row.rejected or rules is None or not rules.enabled:
            return
        match read_hook(row.body, content_type=row.content_type, path_direction=Direction(row.path)):
            case NewCall(direction=Direction.IN) as call:
                self._switches.rings_at(agents_rung(call, rules.agents), row.received_at)
            case Answered(direction=Direction.IN, user_id=user_id, full_user_id=full_user_id):
                if rules.agent_for(user_id, full_user_id):
                    self._way.expect(row.received_at)
            case _:
                pass

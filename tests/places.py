"""Where things lie in the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
RECORDINGS = ROOT / "tests" / "recordings"
PACKAGES = ("sidecar", "zammad_client", "sipgate_client", "rest_transport")  # what the wheel holds

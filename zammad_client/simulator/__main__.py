"""`python -m zammad_client.simulator`: a simulated Zammad to play with."""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import suppress

from .server import LOOPBACK, running
from .state import Simulator
from .versions import NEWEST, VERSIONS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zammad_client.simulator", description="A simulated Zammad.")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--version", choices=list(VERSIONS), default=NEWEST, help="default: %(default)s")
    parser.add_argument("--users", type=int, default=0, help="customers beside the few there always are")
    options = parser.parse_args()
    sim = Simulator(version=options.version)
    sim.add_customers(options.users)
    with running(sim, host=options.host, port=options.port) as url, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{url}\n{_secrets(sim)}\nCtrl-C ends it.\n")
        sys.stdout.flush()
        threading.Event().wait()


def _secrets(sim: Simulator) -> str:
    tokens = {
        "service": sim.tokens.service,
        "admin": sim.tokens.admin,
        "weak": sim.tokens.weak,
        "cti_token": sim.cti_token,
        "sipgate_token": sim.sipgate_token,
    }
    return "\n".join(f"{name:14}{token}" for name, token in tokens.items())


if __name__ == "__main__":
    main()

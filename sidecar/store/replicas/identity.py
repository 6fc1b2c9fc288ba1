"""Who this process is among the replicas on one database."""

from __future__ import annotations

import os
import random
import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    number: int  # drawn by lot; in claims and locks
    holder: str  # of leases, for people who look into the table


def new_replica() -> Replica:
    number = random.getrandbits(31)
    return Replica(number=number, holder=f"{socket.gethostname()} {os.getpid()} {number:08x}")

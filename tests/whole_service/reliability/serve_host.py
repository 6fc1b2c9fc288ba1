"""`serve` again and again without importing everything anew: each line on stdin forks a process that can be killed.

Writes the process id when it begins and the exit code when it has ended.
"""

from __future__ import annotations

import os
import sys

import psycopg  # noqa: F401 - what `serve` imports when it runs

import sidecar.app
import sidecar.store.migrations  # noqa: F401
from sidecar.cli import run

for _line in sys.stdin:
    process = os.fork()
    if process == 0:
        os.dup2(2, 1)
        os._exit(run(["serve"]))
    print(process, flush=True)  # noqa: T201
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)  # noqa: T201

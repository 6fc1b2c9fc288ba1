"""`python -m bench [NAME …] [--quick]`: every benchmark, or those named; with smaller sizes."""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module

import bench

_NO_BENCHMARKS = {"__main__", "report"}


def main() -> None:
    modules = [module for module in pkgutil.iter_modules(bench.__path__) if not module.ispkg]
    names = [module.name for module in modules if module.name not in _NO_BENCHMARKS]
    if "--quick" in sys.argv:
        os.environ["SIDECAR_BENCH_QUICK"] = "1"
    wanted = [name for name in sys.argv[1:] if name != "--quick"] or names
    if unknown := set(wanted) - set(names):
        sys.exit(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for name in wanted:
        print(f"== {name}", flush=True)
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()

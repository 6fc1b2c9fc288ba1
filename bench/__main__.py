"""`python -m bench [NAME …]`: every benchmark, or those named."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import bench

_NO_BENCHMARKS = {"__main__", "report"}


def main() -> None:
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in _NO_BENCHMARKS]
    wanted = sys.argv[1:] or names
    if unknown := set(wanted) - set(names):
        sys.exit(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for name in wanted:
        print(f"== {name}", flush=True)
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()

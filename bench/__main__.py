"""`make bench`: every module of this folder with `ratios` is run; exits 1 if a bound is exceeded."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import bench


def main() -> int:
    """Print each ratio as it is taken; the number of bounds exceeded decides the exit code."""
    root = Path(bench.__file__).parent.parent
    exceeded = 0
    for found in pkgutil.iter_modules(bench.__path__):
        if found.name == "__main__":
            continue
        module = importlib.import_module(f"bench.{found.name}")
        for ratio in module.ratios(root) if hasattr(module, "ratios") else ():
            print(ratio, flush=True)
            exceeded += ratio.value > ratio.bound
    return 1 if exceeded else 0


sys.exit(main())

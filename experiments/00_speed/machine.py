"""What a measurement ran on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("mesa", "numpy", "numba", "llvmlite")


def machine() -> dict[str, str | int | None]:
    """Processor, number of CPUs, system, and versions of Python and the packages that compute."""
    return {
        "cpu": processor(),
        "cpus": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def processor(listing: Path = Path("/proc/cpuinfo")) -> str:
    """Model name of the processor as the system lists it, else what Python knows."""
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"

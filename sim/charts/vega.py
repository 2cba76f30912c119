"""Vega, Vega-Lite and Vega-Embed as one script for pages that draw charts themselves.

``vl_convert`` ships them and puts the script together, which takes it two seconds; the result is
kept in the user's cache folder. The name of the kept file carries the version of ``vl_convert``
and a digest of the content, so neither an upgrade nor a damaged file goes unnoticed.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path


def vega_script(cache: Path | None = None) -> str:
    """The script, the same text every time. cache: folder to keep it in, the user's without it.

    Raises ModuleNotFoundError without ``vl_convert`` (extra ``web``).
    """
    import vl_convert

    folder = cache or _user_cache()
    stem = f"vega-{version('vl-convert-python')}-"
    for file in sorted(folder.glob(f"{stem}*.js")) if folder.is_dir() else []:
        text = file.read_text(encoding="utf-8", errors="replace")
        if file.stem == f"{stem}{_digest(text)}":
            return text
    made: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{stem}{os.getpid()}.part"
        part.write_text(made, encoding="utf-8")
        part.replace(folder / f"{stem}{_digest(made)}.js")
    return made


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spheres"

"""The generated parts of sim/ODD.md: `python .ci/odd` writes them anew.

The document is written by hand except between markers, `generated:NAME` at the start and
`/generated:NAME` at the end in HTML comments. A test of `make check` holds the two together.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from odd_equations import equations_markdown, steps_markdown
from odd_tables import (
    events_markdown,
    offerings_markdown,
    parameters_markdown,
    segments_markdown,
    structure_markdown,
)

from sim.errors import InputError, MissingFile, SpheresError
from sim.record.codelist import as_markdown
from sim.scenario import load

PACKAGE = Path(__file__).resolve().parents[2] / "sim"
DOCUMENT = PACKAGE / "ODD.md"
COMMAND = "python .ci/odd"
_BLOCK = re.compile(
    r"(?P<start><!-- generated:(?P<name>[\w-]+) -->\n).*?(?P<end><!-- /generated:(?P=name) -->)",
    re.DOTALL,
)
_MARK = re.compile(r"<!-- (/?)generated:([\w-]+) -->")


def parts() -> dict[str, str]:
    """Block name -> Markdown, from the code and the baseline scenario."""
    baseline = load("baseline")
    return {
        "segments": segments_markdown(baseline),
        "offerings": offerings_markdown(baseline),
        "structure": structure_markdown(baseline),
        "steps": steps_markdown(PACKAGE),
        "events": events_markdown(baseline),
        "equations": equations_markdown(PACKAGE),
        "results": as_markdown().strip(),
        "parameters": parameters_markdown(baseline),
    }


def renewed(text: str, blocks: dict[str, str]) -> str:
    """The document with every block made anew.

    Raises InputError unless every block stands in it exactly once, between its two markers.
    """
    marks = [("/" if m[1] else "") + m[2] for m in _MARK.finditer(text)]
    wanted = [mark for name in blocks for mark in (name, f"/{name}")]
    if sorted(marks) != sorted(wanted) or len(_BLOCK.findall(text)) != len(blocks):
        raise InputError(
            f"the generated parts are marked {', '.join(marks) or 'nowhere'}",
            file=DOCUMENT,
            hint=f"Each once, with its end after it: {', '.join(blocks)}",
        )
    return _BLOCK.sub(lambda m: f"{m['start']}\n{blocks[m['name']]}\n\n{m['end']}", text)


def main(document: Path = DOCUMENT) -> int:
    """Write the generated parts into the document; the exit code."""
    try:
        if not document.is_file():
            raise MissingFile("the description of the model is not there", file=document)
        text = document.read_text(encoding="utf-8")
        document.write_text(renewed(text, parts()), encoding="utf-8")
    except SpheresError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0

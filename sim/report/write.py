"""``write_report``: from run folders to one HTML file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim import __version__
from sim.charts.geometry import decode, read_topology
from sim.charts.lag_names import lag_variables
from sim.charts.leading import CONFIDENCE
from sim.charts.palette import stack_order
from sim.charts.vega import vega_script
from sim.charts.view import GROUP_HEADINGS, groups_of
from sim.errors import FolderConflict, InputError
from sim.files import REPORT, display, is_report, refuse_foreign, write_whole
from sim.report.backcast import backcast
from sim.report.countries import economies, month_shown
from sim.report.gather import RunReport, gather
from sim.report.headline import changes, headlines
from sim.report.ledger import ledger, support
from sim.report.markdown import beside, odd
from sim.report.numbers import GROUPS, datasets
from sim.report.specs import specs
from sim.report.words import sentences
from sim.scenario import Resolved, load

_HERE = Path(__file__).parent
BASE = "baseline"


def write_report(
    folders: Sequence[Path], output: Path | None = None, *, force: bool = False
) -> Path:
    """Write the report of one run or several, the first being the base; returns its path.

    output: a file, or a folder for report.html; the first run's folder without it. Another file
    than an earlier report is replaced only with `force`; a file appears whole. Raises MissingFile
    and SchemaError for run folders that are not complete, FolderConflict where the file cannot be
    written.
    """
    runs = gather(folders)
    file = output or runs[0].folder / REPORT
    if file.is_dir():
        file = file / REPORT
    refuse_foreign(file, is_report, "report", force=force)
    text = render(runs)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text)
    except OSError as error:
        raise FolderConflict(f"{display(file)}: cannot be written: {error.strerror}") from None
    return file


def render(runs: Sequence[RunReport]) -> str:
    """The page of ``runs``, complete in itself."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    page: str = environment.get_template("page.html").render(
        **_content(runs),
        style=(_HERE / "page.css").read_text(encoding="utf-8"),
        library=vega_script(),
        script=script,
    )
    return page


def _content(runs: Sequence[RunReport]) -> dict[str, Any]:
    """Everything the template shows."""
    base = runs[0]
    rows = ledger(base.resolved)
    day = month_shown(runs)
    topology = read_topology()
    points = [
        {"iso3": code, "longitude": round(x, 2), "latitude": round(y, 2)}
        for code, (x, y) in sorted(decode(topology).points.items())
    ]
    numbers = datasets(runs)
    packed_points = {key: [point[key] for point in points] for key in ("longitude", "latitude")}
    numbers["points"] = {
        "iso3": {"w": [point["iso3"] for point in points], "i": list(range(len(points)))},
        **packed_points,
    }
    return {
        "version": __version__,
        "runs": runs,
        "base": base,
        "headlines": headlines(base),
        "changed": _changed(runs),
        "comparisons": [(run, changes(base, run)) for run in runs[1:]],
        "numbers": _json({**numbers, "world": topology}),
        "specs": _json(_specs(runs, numbers)),
        "controls": _controls(runs, numbers),
        "economies": economies(runs, day),
        "month": f"{day:%B %Y}",
        "confidence": CONFIDENCE,
        "ledger": rows,
        "support": support(rows),
        "backcast": backcast(base),
        "limits": beside("limits.md"),
        "odd": odd(),
        "manifests": [
            (run.title, json.dumps(run.manifest, indent=2, ensure_ascii=False)) for run in runs
        ],
        "report_command": "spheres report " + " ".join(run.folder.name for run in runs),
    }


def _changed(runs: Sequence[RunReport]) -> list[tuple[str, str, list[str]]]:
    """(run, what it is compared with, sentences): the first with the shipped baseline, the others
    with the first.
    """
    base = runs[0]
    found = []
    shipped = _shipped()
    if shipped is not None:
        against = f"the baseline shipped with Spheres {__version__}"
        found.append((base.title, against, sentences(shipped, base.resolved)))
    found += [(run.title, base.title, sentences(base.resolved, run.resolved)) for run in runs[1:]]
    return found


def _shipped() -> Resolved | None:
    try:
        return load(BASE)
    except InputError:
        return None


def _specs(runs: Sequence[RunReport], numbers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = {o for run in runs for o in run.tables.world["offering"].drop_nulls().unique()}
    lags = {name for run in runs for name in lag_variables(run.tables.world)}
    titles = [run.title for run in runs]
    used = [value for value in numbers["leaders"]["adoption"] if value]
    most = max(used, default=1.0)
    return specs(titles, stack_order(names), _labels(runs), sorted(lags), most)


def _labels(runs: Sequence[RunReport]) -> dict[str, str]:
    found: dict[str, str] = {}
    for run in reversed(runs):
        found |= run.labels
    return found


def _controls(runs: Sequence[RunReport], numbers: dict[str, Any]) -> dict[str, Any]:
    """What the page's controls offer: (value, label) pairs, groups by type, the span of years."""
    base = runs[0]
    kinds = set(base.tables.world["group_type"].unique().to_list())
    groups = [
        (GROUP_HEADINGS[kind], groups_of(base.tables.world, kind, kind)[1])
        for kind in GROUPS
        if kind in kinds
    ]
    labels = _labels(runs)
    measures = numbers["bands"]["measure"]["w"]
    offerings = [name for name in stack_order(measures) if name != "adoption"]
    years = numbers["leaders"]["year"]
    stored = set(numbers["economies"]["iso3"]["w"])
    found = base.tables.economies.sort("name")
    places = [(iso3, name) for iso3, name in found.select("iso3", "name").iter_rows()
              if iso3 in stored]  # fmt: skip
    return {
        "groups": groups,
        "measures": [("adoption", "Adoption")]
        + [(name, f"Share: {labels.get(name, name)}") for name in offerings],
        "years": (min(years, default=0), max(years, default=0)),
        "economies": places,
    }


def _json(content: Any) -> str:  # noqa: ANN401 - any JSON
    """JSON that may stand inside a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")

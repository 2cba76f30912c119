"""The report's interactive charts, as Vega-Lite made with Altair.

A chart names its data (``sim.report.numbers``) and the signals it listens to: ``run``, ``group``,
``measure``, ``year``, ``economy``, ``show``. The page's own controls set them, so that they are
ordinary, labelled form elements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from sim.charts.lag_names import is_open, lag_colour, lag_label
from sim.charts.palette import GRID, INK, KEPT, NO_ADOPTION, OUTSIDE, SEA, offering_colours

#: Colours of runs: apart in hue and lightness, also for colour-blind readers, no bloc's colours.
RUN_COLOURS = ("#3b3b6d", "#c2588c", "#7a8f1f", "#2f9fb0", "#8c6d46", "#555555")
_WIDE: Any = "container"
Drawn = Any  # an Altair chart; its own types get lost along chains of calls
_FONT = "system-ui, sans-serif"


def specs(
    runs: Sequence[str],
    offerings: Sequence[str],
    labels: Mapping[str, str],
    lags: Sequence[str],
    most_adoption: float = 1.0,
) -> dict[str, dict[str, Any]]:
    """Name of a chart -> its Vega-Lite specification, without data.

    most_adoption: where the map's scale of adoption ends, a fraction.
    """
    shown = list(offering_colours(offerings))
    made = {
        "shares": _shares(shown, labels),
        "bands": _bands(runs),
        "lags": _lags(lags),
        "map": _map(shown, labels, most_adoption),
        "economy": _economy(shown, labels),
        "money": _money(shown, labels),
    }
    return {name: _finished(chart) for name, chart in made.items()}


def _finished(chart: Drawn) -> dict[str, Any]:
    styled = chart.configure(
        background="#ffffff", font=_FONT, autosize={"type": "fit-x", "contains": "padding"}
    )
    styled = styled.configure_axis(
        gridColor=GRID, labelColor=INK, titleColor=INK, titleFontWeight="normal"
    )
    styled = styled.configure_legend(
        orient="bottom", columns=2, title=None, labelColor=INK, labelLimit=320
    ).configure_view(stroke=None)
    made: dict[str, Any] = styled.to_dict(validate=False)
    made.pop("$schema", None)  # an address that nothing has to look up
    return made


def _offering_colour(field: str, names: list[str], labels: Mapping[str, str]) -> alt.Color:
    words = " : ".join(f"datum.label == '{name}' ? {_quoted(labels.get(name, name))}"
                       for name in names)  # fmt: skip
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=names, range=list(offering_colours(names).values())),
        legend=alt.Legend(labelExpr=f"{words} : datum.label" if names else "datum.label"),
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _order(names: list[str]) -> str:
    return f"indexof([{', '.join(_quoted(name) for name in names)}], datum.offering)"


def _percent(field: str, title: str | None = None, top: float | None = None) -> alt.Y:
    scale = alt.Scale(domain=[0, top]) if top else alt.Scale()
    return alt.Y(f"{field}:Q", axis=alt.Axis(format="%", title=title), scale=scale)


def _shares(names: list[str], labels: Mapping[str, str]) -> Drawn:
    """Stacked mean shares of the chosen run and group."""
    base = alt.Chart(alt.NamedData("shares"), width=_WIDE, height=300)
    return (
        base.mark_area(stroke="white", strokeWidth=0.5)
        .transform_filter("datum.run == run && datum.group == group")
        .transform_calculate(place=_order(names))
        .encode(
            alt.X("month:T", axis=alt.Axis(format="%Y", title=None)),
            _percent("share", top=1).stack("zero"),
            _offering_colour("offering", names, labels),
            order="place:Q",
            tooltip=["offering:N", alt.Tooltip("month:T", format="%B %Y"),
                     alt.Tooltip("share:Q", format=".1%")],
        )
        .add_params(_signal("run"), _signal("group"))
    )  # fmt: skip


def _bands(runs: Sequence[str]) -> Drawn:
    """Median, 50 % and 90 % of every run, of the chosen group and measure."""
    colour = alt.Color("run:N", scale=alt.Scale(domain=list(runs), range=list(RUN_COLOURS)))
    base = (
        alt.Chart(alt.NamedData("bands"), height=260)
        .transform_filter("datum.group == group && datum.measure == measure")
        .encode(alt.X("month:T", axis=alt.Axis(format="%Y", title=None)), colour)
    )
    tip = [alt.Tooltip("month:T", format="%B %Y"), "run:N", alt.Tooltip("p50:Q", format=".1%")]
    layers = alt.layer(
        base.mark_area(opacity=0.18).encode(_percent("p05"), alt.Y2("p95")),
        base.mark_area(opacity=0.3).encode(_percent("p25"), alt.Y2("p75")),
        base.mark_line(strokeWidth=2).encode(_percent("p50"), tooltip=tip),
    )
    return layers.properties(width=_WIDE).add_params(_signal("group"), _signal("measure"))


def _lags(lags: Sequence[str]) -> Drawn:
    """Capability lags of the chosen run with their bands."""
    colours = [lag_colour(name) for name in lags]
    words = " : ".join(f"datum.label == '{name}' ? {_quoted(lag_label(name))}" for name in lags)
    legend = alt.Legend(labelExpr=f"{words} : datum.label" if lags else "datum.label")
    base = (
        alt.Chart(alt.NamedData("lags"), height=240)
        .transform_filter("datum.run == run")
        .encode(
            alt.X("month:T", axis=alt.Axis(format="%Y", title=None)),
            alt.Color("lag:N", scale=alt.Scale(domain=list(lags), range=colours), legend=legend),
        )
    )
    axis = alt.Axis(title="months behind the US frontier")
    layers = alt.layer(
        base.mark_area(opacity=0.14).encode(alt.Y("p05:Q", axis=axis), alt.Y2("p95")),
        base.mark_area(opacity=0.22).encode(alt.Y("p25:Q", axis=axis), alt.Y2("p75")),
        base.mark_line(strokeWidth=2).encode(alt.Y("p50:Q", axis=axis), strokeDash=alt.StrokeDash(
            "lag:N", legend=None, scale=alt.Scale(
                domain=list(lags), range=[[5, 3] if is_open(name) else [1, 0] for name in lags]))),
    )  # fmt: skip
    return layers.properties(width=_WIDE).add_params(_signal("run"))


def _map(names: list[str], labels: Mapping[str, str], most: float) -> Drawn:
    """The leading offering, or adoption, of every economy in the chosen year and run."""
    land, rest = (_world(feature) for feature in ("economies", "other"))
    rows = alt.Chart(alt.NamedData("leaders")).transform_filter(
        "datum.run == run && datum.year == year"
    )
    shapes = rows.transform_lookup("iso3", alt.LookupData(land, "id"), "geo").transform_filter(
        "isValid(datum.geo)"
    )
    dots = rows.transform_lookup("iso3", alt.LookupData(alt.NamedData("points"), "iso3",
                                 ["longitude", "latitude"])).transform_filter(
        "isValid(datum.longitude)")  # fmt: skip
    leader = _offering_colour("leader", names, labels)
    sure = alt.Opacity(
        "confidence:N",
        scale=alt.Scale(domain=list(KEPT), range=list(KEPT.values())),
        legend=None,
        sort=list(KEPT),
    )
    used = alt.Color(
        "adoption:Q",
        scale=alt.Scale(scheme="cividis", reverse=True, domain=[0, most]),
        legend=alt.Legend(format="%", title="adoption", gradientLength=220),
    )
    tip = ["iso3:N", "leader:N", alt.Tooltip("share:Q", format=".0%"), "confidence:N",
           alt.Tooltip("adoption:Q", format=".1%")]  # fmt: skip
    ground: dict[str, Any] = {"stroke": "white", "strokeWidth": 0.4}
    dot: dict[str, Any] = {"size": 26, "stroke": INK, "strokeWidth": 0.5}
    by_leader, by_use = "show == 'leader'", "show == 'adoption'"
    layers = [
        alt.Chart(alt.sphere()).mark_geoshape(fill=SEA),
        alt.Chart(rest).mark_geoshape(fill=OUTSIDE, **ground),
        alt.Chart(land).mark_geoshape(fill=NO_ADOPTION, **ground),
    ]
    for when, colour, opacity in ((by_leader, leader, sure), (by_use, used, alt.value(1))):
        area = shapes.transform_filter(when).mark_geoshape(**ground)
        layers.append(
            area.encode(color=colour, opacity=opacity, shape=alt.Shape("geo:G"), tooltip=tip)
        )
        spots = dots.transform_filter(when).mark_circle(**dot)
        layers.append(spots.encode(color=colour, opacity=opacity, longitude="longitude:Q",
                                   latitude="latitude:Q", tooltip=tip))  # fmt: skip
    return (
        alt.layer(*layers)
        .project("equalEarth")
        .resolve_scale(color="independent")
        .properties(width=_WIDE, height=380)
        .add_params(_signal("run"), _signal("year"), _signal("show"))
    )


def _world(feature: str) -> Drawn:
    """An object of the TopoJSON as data."""
    form = alt.TopoDataFormat(type="topojson", feature=feature)
    return alt.NamedData(name="world", format=form)


def _economy(names: list[str], labels: Mapping[str, str]) -> Drawn:
    """Stacked mean shares of the chosen economy and run, each December."""
    base = alt.Chart(alt.NamedData("economies"), width=_WIDE, height=240)
    return (
        base.mark_bar(stroke="white", strokeWidth=0.5)
        .transform_filter("datum.run == run && datum.iso3 == economy")
        .transform_calculate(place=_order(names))
        .encode(
            alt.X("year:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)),
            _percent("share", top=1).stack("zero"),
            _offering_colour("offering", names, labels),
            order="place:Q",
            tooltip=["offering:N", "year:O", alt.Tooltip("share:Q", format=".1%")],
        )
        .add_params(_signal("run"), _signal("economy"))
    )


def _money(names: list[str], labels: Mapping[str, str]) -> Drawn:
    """Spending against tokens of every offering, each December of the chosen run."""
    log = alt.Scale(type="log")
    axis: dict[str, Any] = {"format": "~s", "grid": False}
    return (
        alt.Chart(alt.NamedData("money"), width=_WIDE, height=300)
        .mark_line(point=True)
        .transform_filter("datum.run == run")
        .encode(
            alt.X("tokens:Q", scale=log, axis=alt.Axis(title="million tokens a month", **axis)),
            alt.Y("usd:Q", scale=log, axis=alt.Axis(title="USD a month", **axis)),
            _offering_colour("offering", names, labels),
            order="year:O",
            tooltip=["offering:N", "year:O", alt.Tooltip("tokens:Q", format=".3s"),
                     alt.Tooltip("usd:Q", format=".3s")],
        )
        .add_params(_signal("run"))
    )  # fmt: skip


def _signal(name: str) -> alt.Parameter:
    """A value that the page sets; the first one is put in when the chart is made."""
    return alt.param(name=name, value="")

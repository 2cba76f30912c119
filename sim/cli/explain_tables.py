"""How an explanation looks on a terminal: a table of terms for each segment."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.explain.decision import AdoptionView, Explanation, OfferingView, SegmentDecision

_WIDTH = 150  # where the output is no terminal
_FLIPS = 5  # changes shown; JSON has them all
_LEAST = 110  # a narrower terminal wraps lines rather than losing digits


def print_explanation(found: Explanation) -> None:
    """The whole explanation on stdout."""
    console = Console(highlight=False)
    width = max(console.width, _LEAST) if console.is_terminal else _WIDTH
    console = Console(highlight=False, width=width)
    console.print(
        f"[bold]{escape(found.economy)} ({found.iso3}), {found.month}[/bold]   "
        f"scenario {escape(found.scenario)} ({found.scenario_hash[:8]}), seed {found.seed}, "
        "parameters at their centres\n"
    )
    console.print(_surroundings(found))
    for segment in found.segments:
        console.print()
        console.rule(f"[bold]{escape(segment.label)}[/bold] ({segment.name})", align="left")
        console.print(_choice(segment))
        console.print(_verdict(segment))
        console.print(_tasks(segment))
        console.print(_adoption(segment.adoption))
        console.print(_flips(segment), markup=False)


def _surroundings(found: Explanation) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    world, local = found.world, found.local
    table.add_row("released capability, frontier-months", _pairs(world.released, ".1f"))
    table.add_row("API price, USD per million tokens", _pairs(world.api_price, ".4g"))
    table.add_row("attention to releases", _pairs(world.buzz, ".2f"))
    table.add_row("mark-up of US closed models", f"{world.us_closed_markup:.3g}")
    table.add_row("local cost, USD per million tokens", f"{local.local_cost:.4g}")
    table.add_row("accelerators, H100 equivalents", f"{local.accelerators:,.0f}")
    table.add_row("scarcity, chip access", f"{local.scarcity:.3g}, {local.chip_access:.0%}")
    table.add_row("own hardware serves", f"{local.served:.0%} of what is asked of it")
    table.add_row("partners who use AI", f"{local.partners:.1%} of people")
    table.add_row("skills built, by model family", _pairs(local.ecosystem, ".3f"))
    table.add_row("trust lost to withdrawals, logit", _pairs(_some(local.trust), "+.3f") or "none")
    goodwill = _pairs(_some(local.goodwill), "+.2f") or "none"
    table.add_row(f"goodwill in {escape(local.region)}, logit", goodwill)
    return table


def _some(numbers: dict[str, float]) -> dict[str, float]:
    return {name: number for name, number in numbers.items() if number != 0.0}


def _pairs(numbers: dict[str, float], form: str) -> str:
    return "   ".join(f"{name} {number:{form}}" for name, number in numbers.items())


def _choice(segment: SegmentDecision) -> Table:
    """A column for each offering, best first; a row for each term of its attraction."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("log attraction", no_wrap=True)
    views = segment.offerings
    for view in views:
        style = "" if view.feasible else "dim"
        table.add_column(view.name.replace("_", "\n"), justify="right", no_wrap=True, style=style)
    for term in views[0].terms:
        table.add_row(term, *(_signed(view.terms[term]) for view in views))
    table.add_section()
    table.add_row("sum", *(_signed(view.attraction) for view in views), style="bold")
    table.add_row("reach", *(_share(view.reach) for view in views))
    table.add_row("known to", *(_share(view.known) for view in views))
    table.add_row("price, USD a month", *(f"{view.price:.4g}" for view in views))
    table.add_row("burden", *(f"{view.burden:.2f}" for view in views))
    table.add_row("installed base", *(_share(view.installed) for view in views))
    table.add_row("share before", *(_share(view.share_before) for view in views))
    table.add_row("share of the choice", *(_chosen(view) for view in views), style="bold")
    table.add_row("latent share", *(_share(view.latent) for view in views))
    table.add_row("share after renewal", *(_share(view.share) for view in views))
    return table


def _verdict(segment: SegmentDecision) -> str:
    if segment.leader is None:
        return "Nothing that anybody knows can be reached; nobody in this segment takes up AI."
    text = f"{segment.anew:.1%} of use is chosen anew, first of all {segment.leader}"
    if segment.runner_up is None or segment.gap is None:
        return f"{text}; nothing else can be reached."
    return f"{text}; runner-up {segment.runner_up}, {segment.gap:.3f} behind in log attraction."


def _tasks(segment: SegmentDecision) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task", no_wrap=True)
    for heading in ("of the work", "goes to AI", "adds to value"):
        table.add_column(heading, justify="right")
    table.add_column("led by")
    for heading in ("its part", "does well"):
        table.add_column(heading, justify="right")
    for task in segment.tasks:
        table.add_row(
            escape(task.label), _share(task.size), _share(task.done), f"{task.value:.4f}",
            task.leader or "nobody", _share(task.leader_part), _share(task.done_well),
        )  # fmt: skip
    return table


def _flips(segment: SegmentDecision) -> str:
    """The smallest single changes that would put another offering in front."""
    if not segment.flips:
        return "No single change within its range puts another offering in front."
    lines = [f"  {flip.text}" for flip in segment.flips[:_FLIPS]]
    return "\n".join(["Smallest single changes that put another in front, all else held:", *lines])


def _adoption(view: AdoptionView) -> str:
    terms = "  ".join(f"{name} {number:+.3f}" for name, number in view.terms.items())
    speed = "  ".join(f"{name} {number:.4f}" for name, number in view.speed_terms.items())
    way = f"{view.covered:.2%} of the way to it a month"
    falls = "" if view.covered == view.speed else ", habits given up"
    return (
        f"Adoption {view.before:.2%} to {view.level:.2%}, target {view.target:.2%} = ceiling "
        f"{view.ceiling:.1%} (online {view.online:.1%}) x logistic({view.index:+.3f}) where "
        f"anything can be reached; {way}{falls}\n"
        f"  {view.index:+.3f} = {terms}\n"
        f"  speed {view.speed:.4f} = {speed}"
    )


def _signed(number: float) -> str:
    return "." if number == 0.0 else f"{number:+.3f}"


def _share(number: float) -> str:
    return f"{100 * number:.1f} %"


def _chosen(view: OfferingView) -> str:
    if view.feasible:
        return _share(view.choice_share)
    return "unknown" if view.reach > 0.0 else "refused"

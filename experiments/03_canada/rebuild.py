"""Canada's decision, term by term, and what would flip it, in every document's world.

    python experiments/03_canada/rebuild.py

writes the tables of README.md beside it.
"""

from pathlib import Path

from sim.claims.sections import markdown_table, put_section
from sim.explain.explain import explain
from sim.scenario import load

HERE = Path(__file__).parent
ECONOMY, MONTH, LATER = "CAN", "2026-12", "2030-12"
WORLDS = (
    "baseline", "beijing-framework-engage", "beijing-framework-dismiss", "open-gambit",
    "two-camps", "sovereign-ai", "eroded-from-below",
)  # fmt: skip
SHOWN = 5  # offerings and flips


def terms(decision) -> str:
    """One segment: a row a term, a column an offering, best first."""
    views = [view for view in decision.offerings if view.feasible][:SHOWN]
    rows = [
        [term, *(number(view.terms[term]) for view in views)]
        for term in views[0].terms
        if any(abs(view.terms[term]) >= 0.005 for view in views)
    ]
    rows.append(["**sum**", *(f"**{number(view.attraction)}**" for view in views)])
    rows.append(["share of the choice", *(f"{view.choice_share:.1%}" for view in views)])
    rows.append(["share of use", *(f"{view.share:.1%}" for view in views)])
    return markdown_table(["", *(f"`{view.name}`" for view in views)], rows)


def number(value: float) -> str:
    """`+0.41`, or a dot where there is nothing to see."""
    return "." if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "−")


def flips(decisions) -> str:
    """What puts another offering in front, segment by segment."""
    rows = []
    for one in decisions:
        changes = [flip.text for flip in one.flips[:SHOWN]] or ["no single change in its range"]
        gap = "" if one.gap is None else number(one.gap)
        rows.append([one.name, f"`{one.leader}`", f"`{one.runner_up}`", gap, "; ".join(changes)])
    header = ["segment", "leader", "runner-up", "gap, logit", "smallest changes, one at a time"]
    return markdown_table(header, rows)


def worlds() -> str:
    """The government's choice in each world, now and later."""
    rows = []
    for name in WORLDS:
        resolved = load(name)
        for month in (MONTH, LATER):
            found = explain(resolved, ECONOMY, month, ["government"]).segments[0]
            share = {view.name: view.share for view in found.offerings}
            flip = found.flips[0].text if found.flips else "none"
            parts = [f"{share[o]:.1%}" for o in ("us_closed", "us_partnership", "domestic")]
            chinese = sum(value for key, value in share.items() if key.startswith("cn_"))
            rows.append([f"`{name}`", month, *parts, f"{chinese:.1%}", flip])
    header = ["world", "month", "closed US", "partnership", "national", "Chinese", "smallest flip"]
    return markdown_table(header, rows)


def main() -> None:
    """Write the tables."""
    found = explain(load("baseline"), ECONOMY, MONTH)
    facts = f"Baseline `{found.scenario_hash[:8]}`, seed {found.seed}, {MONTH}.\n"
    government = next(one for one in found.segments if one.name == "government")
    readme = HERE / "README.md"
    put_section(readme, "terms", f"{facts}\n{terms(government)}")
    put_section(readme, "flips", f"{facts}\n{flips(found.segments)}")
    put_section(readme, "worlds", worlds())


if __name__ == "__main__":
    main()

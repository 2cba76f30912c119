"""The figures of the README: what the review of the first model asked, measured on this one.

    python experiments/04_second_model/rebuild.py

Centres of all parameters and one fixed luck, unless a row says runs. Writes `figures.csv`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from centre import events, run  # noqa: E402 - its folder is on the path only now

from sim.draws.setting import make_setting  # noqa: E402
from sim.ensemble.block import Block, prepare  # noqa: E402
from sim.scenario import load  # noqa: E402
from sim.world.build import build_world  # noqa: E402

END = "2035-12"
SEGMENTS = ("consumers", "developers", "enterprise", "government")
CONSUMERS, DEVELOPERS, ENTERPRISE = range(3)
FREE = [f"on: 2027-01, lever: price.{t}, to: 0.001" for t in ("us_open", "cn_open", "other_open")]
AWAY = [
    f"on: 2027-01, until: 2029-01, lever: access.{v}, to: 0"
    for v in ("openai", "google", "anthropic")
]


def rows() -> list[tuple[str, str, str, str]]:
    """(line of the review, what it measured, first model, this model)."""
    base = run()
    us, cn = base.of("us_closed"), base.of("cn_service")
    abroad, china = base.world.economies.home[:, 1] == 0.0, base.iso3.index("CHN")
    open_cn = [base.of(name) for name in ("cn_open_hosted", "cn_open_local")]
    origin = np.array([o.from_bloc("cn") for o in base.world.resolved.offerings.values()])
    found = []

    def add(line: str, what: str, before: str, now: str) -> None:
        found.append((line, what, before, now))

    def moved(text: str, month: str = END) -> np.ndarray:
        return 100.0 * (run(text).adopted(month) - base.adopted(month))

    def gain(text: str, month: str = END) -> np.ndarray:
        return 100.0 * (run(text).shares(month) - base.shares(month))

    users = [100.0 * base.adopted(m)[CONSUMERS] for m in ("2023-12", "2024-12", "2025-12", END)]
    add(
        "history",
        "people who use AI, end of 2023, 2024, 2025, 2035",
        "26.4 % in 2035",
        ", ".join(f"{u:.1f} %" for u in users),
    )
    t = base.at("2023-03")
    early = base.share[t, china, CONSUMERS, cn] * base.adoption[t, china, CONSUMERS]
    add(
        "history",
        "Chinese chat among Chinese people, March 2023",
        "3.7 % of people",
        f"{100 * early:.1f} %",
    )
    chat = 100 * base.shares("2023-01", abroad)[CONSUMERS] @ origin
    add(
        "history",
        "Chinese services among people abroad, January 2023",
        "25 % of the world",
        f"{chat:.1f} %",
    )
    weights = 100 * base.shares("2023-01")[ENTERPRISE, open_cn].sum()
    add("history", "Chinese open weights in firms, January 2023", "27 %", f"{weights:.1f} %")
    t = base.at("2025-12")
    spend = 12 * (base.users[t] * base.bill[t]).sum() / 1e9
    add("history", "world spend, end of 2025, yearly rate", "18.5 bn USD", f"{spend:.1f} bn USD")
    stop = events(*(f"on: 2027-01, lever: {b}.compute.boost, to: 0" for b in ("us", "cn", "other")))
    add(
        "F2",
        "no progress in any lab from 2027: adoption of people and firms",
        "+0.01",
        f"{moved(stop)[CONSUMERS]:+.1f} and {moved(stop)[ENTERPRISE]:+.1f} points",
    )
    fast = events("on: 2027-01, lever: us.compute.boost, to: 20")
    add(
        "F2",
        "US compute x 20: adoption of firms; US closed among firms 2030",
        "+0.8 (US share)",
        f"{moved(fast)[ENTERPRISE]:+.1f}; {gain(fast, '2030-12')[ENTERPRISE, us]:+.1f} points",
    )
    low = base.income("Low")
    free = run(events(*FREE))
    added = 100 * (free.adopted(END, low) - base.adopted(END, low))
    tokens = free.asked(END, low).sum() / base.asked(END, low).sum()
    add(
        "F3",
        "all open weights free: adoption of people and developers where incomes are low",
        "-0.005 (people)",
        f"{added[CONSUMERS]:+.2f} and {added[DEVELOPERS]:+.1f} points, tokens x {tokens:.1f}",
    )
    ban = run(events('on: 2027-01, lever: ban.us.enterprise, to: 1, economies: ["group:asean"]'))
    vnm, t = base.iso3.index("VNM"), base.at("2034-12")
    of_us = base.world.offerings.origin[:, 0]
    levels = [100 * one.adoption[t, vnm, ENTERPRISE] for one in (base, ban)]
    parts = [100 * one.share[t, vnm, ENTERPRISE] @ of_us for one in (base, ban)]
    add(
        "F3",
        "US services banned for ASEAN's firms: Vietnam's adoption; US share",
        "24.5 to 12.9 %; the US share rises",
        f"{levels[0]:.1f} to {levels[1]:.1f} %; {parts[0]:.0f} to {parts[1]:.0f} %",
    )
    bands = widths()
    add(
        "F5",
        "sd of the US closed share among people, end of 2025 and 2035, 64 runs",
        "4.43 and 4.19",
        f"{bands[0]:.1f} and {bands[1]:.1f} points",
    )
    for rule, before in (("replicator", "+14.7"), ("logit", "+4.3")):
        other = run("", (f"structure.choice={rule}",))
        change = 100 * (other.shares(END) - base.shares(END))[CONSUMERS, us]
        add("F5", f"choice as {rule}: US closed among people", before, f"{change:+.1f} points")
    ample = ("world.inference_share=1", "cost.scarcity_steepness=0")
    double = tuple(
        f"{path}={2 * load('baseline').quantities[path].value}"
        for path in (f"segments.{s}.tokens_mtok_month" for s in SEGMENTS)
    )
    still = 100 * (run("", (*ample, *double)).adopted(END) - run("", ample).adopted(END))
    add(
        "F9",
        "tokens per user doubled at the same prices: adoption of firms",
        "-10.3 (at +150 % a year)",
        f"{still[ENTERPRISE]:+.2f} points",
    )
    away = run(events(*AWAY))
    marks = [100 * (away.shares(m) - base.shares(m))[CONSUMERS, us] for m in ("2028-12", END)]
    add(
        "F10",
        "US services withdrawn in 2027 and 2028: loss among people at the end, mark in 2035",
        "-22 and -0.46",
        f"{marks[0]:+.1f} and {marks[1]:+.1f} points",
    )
    code = {c: base.iso3.index(c) for c in ("IND", "PHL", "CAN", "EST", "RUS", "SAU")}
    e = base.world.economies
    add(
        "F11",
        "alignment with the US and China: India, Philippines",
        "0.21 : 0.68, 0.26 : 0.70",
        ", ".join(" : ".join(f"{x:.2f}" for x in e.alignment[code[c], :2]) for c in ("IND", "PHL")),
    )
    add(
        "F12",
        "sovereignty preference: Estonia, Russia, Saudi Arabia, Canada",
        "0.18, 0.94, 0.94",
        ", ".join(f"{e.preference[code[c]]:.2f}" for c in ("EST", "RUS", "SAU", "CAN")),
    )
    chips = run(events("on: 2027-01, lever: us.chip_controls.tier2_cap, to: 1"))
    local = [base.of(n) for n in ("cn_open_local", "domestic")]
    change = 100 * (chips.shares("2030-12") - base.shares("2030-12"))[ENTERPRISE, local].sum()
    add(
        "F16",
        "no chips for tier 2 from 2027: own hosting among firms, 2030",
        "0 (the Gulf's build-out)",
        f"{change:+.2f} points",
    )
    closed = gain(events("on: 2027-01, lever: cn.openness, to: 0"))[DEVELOPERS]
    add(
        "F25",
        "China closes its weights in 2027: open weights and services among developers",
        "the closed product froze too",
        f"{closed[open_cn].sum():+.1f} and {closed[cn]:+.1f} points",
    )
    world_cn = 100 * base.shares(END)[CONSUMERS] @ origin
    out_cn = 100 * base.shares(END, abroad)[CONSUMERS] @ origin
    add(
        "F28",
        "Chinese share of people's use, world and without China, 2035",
        "34 and 12 %",
        f"{world_cn:.0f} and {out_cn:.0f} %",
    )
    return found


def widths() -> list[float]:
    """Standard deviation over 64 runs of the US closed share among people, 2025 and 2035."""
    world = build_world(load("baseline"))
    ready, found = prepare(world), []
    for first in range(0, 64, 16):
        block = Block(ready, make_setting(world, 1, tuple(range(first, first + 16))))
        for t in range(world.shape[0]):
            block.step(keep_bill=False)
            if t in (35, 155):
                weight = world.economies.people[:, None, None] * block.lanes.adoption[:, :1]
                users = (weight * block.lanes.share[:, 0]).sum(axis=0)
                found.append(users[0] / users.sum(axis=0))
    both = np.array(found).reshape(4, 2, 16).transpose(1, 0, 2).reshape(2, 64)
    return list(100 * both.std(axis=1))


def main() -> None:
    """Write the table and print it."""
    table = rows()
    with (HERE / "figures.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("line", "what", "first model", "this model"))
        writer.writerows(table)
    for row in table:
        print(" | ".join(row))


if __name__ == "__main__":
    main()

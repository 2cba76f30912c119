"""Colours: stable, distinct, and distinct for readers with red-green colour blindness."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.charts.palette import (
    BLOC_COLOURS,
    OFFERING_COLOURS,
    is_dark,
    offering_colours,
    stack_order,
)

# Machado, Oliveira and Fernandes (2009), full severity, applied to linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def lab(colour: str, deficiency: str) -> np.ndarray:
    """CIE L*a*b* (D65) of '#rrggbb' as a reader with ``deficiency`` sees it."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ linear, 0, 1)
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = matrix @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("colours", [OFFERING_COLOURS, BLOC_COLOURS], ids=["offerings", "blocs"])
def test_colours_are_told_apart(colours, deficiency):
    seen = {name: lab(colour, deficiency) for name, colour in colours.items()}
    close = {
        (a, b): round(float(np.linalg.norm(seen[a] - seen[b])), 1)
        for a, b in combinations(seen, 2)
        if np.linalg.norm(seen[a] - seen[b]) < 12
    }
    assert not close


def test_shipped_offerings_keep_colour_and_place_whatever_else_is_there():
    alone = offering_colours(OFFERING_COLOURS)
    joined = offering_colours([*OFFERING_COLOURS, "zebra", "aardvark"])
    assert {name: joined[name] for name in alone} == alone
    assert list(joined)[-2:] == ["aardvark", "zebra"]


def test_user_defined_offerings_get_their_own_colours_always_the_same():
    names = [f"mine_{i}" for i in range(8)]
    colours = offering_colours(names)
    assert len(set(colours.values())) == 8
    assert not set(colours.values()) & set(OFFERING_COLOURS.values())
    assert offering_colours(reversed(names)) == colours
    assert offering_colours(["mine_3"]) == offering_colours(["mine_3"])


def test_more_offerings_than_colours_still_get_one():
    assert len(offering_colours(f"x{i}" for i in range(30))) == 30


def test_stack_order_ignores_the_order_of_its_input():
    assert stack_order(reversed(list(OFFERING_COLOURS))) == list(OFFERING_COLOURS)


def test_text_on_dark_colours_is_white():
    assert is_dark(OFFERING_COLOURS["us_closed"])
    assert not is_dark(OFFERING_COLOURS["us_open"])

"""One colour and one place in the stack for every offering and bloc, in every chart.

A bloc is a hue, an offering a shade of it. Shades differ in lightness too, so the palette holds
for readers with red-green colour blindness and in greyscale; a test measures the distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

BLOC_COLOURS: Mapping[str, str] = {"us": "#1f5fa8", "cn": "#c8501a", "other": "#4d8f7a"}
# Where a bloc's open weights are drawn beside the bloc itself.
BLOC_OPEN_COLOURS: Mapping[str, str] = {"us": "#6aa5dd", "cn": "#dba12c", "other": "#8fc9a9"}
BLOC_LABELS: Mapping[str, str] = {"us": "United States", "cn": "China", "other": "other origin"}

# In stacking order, bottom first: the two great blocs lie at the edges, where a band is
# easiest to read, and everything between them in the middle.
OFFERING_COLOURS: Mapping[str, str] = {
    "us_closed": "#0b3566",
    "us_partnership": "#3f7fc4",
    "us_open": "#a9cdf0",
    "hybrid": "#77707f",
    "other_open": "#12664f",
    "domestic": "#86c9a8",
    "cn_open_hosted": "#f7c08a",
    "cn_open_local": "#e57a26",
    "cn_service": "#8f2a05",
}

# For offerings that users define; apart from the shipped ones in hue.
_RESERVE = ("#b0418f", "#e8d44d", "#5b3a8c", "#d98cc0", "#7a6a12", "#2bb3c0", "#4a4a4a", "#c9c3b8")

NO_ADOPTION = "#e4e4e4"
SEA = "#f3f6f8"
OUTSIDE = "#d3d3d3"  # land that no economy of the tables stands for
#: How much of its colour an offering keeps on a map where its lead is less sure.
KEPT: Mapping[str, float] = {"clear": 1.0, "likely": 0.62, "open": 0.3}
INK = "#222222"
FAINT = "#8a8a8a"
GRID = "#dddddd"


def stack_order(offerings: Iterable[str]) -> list[str]:
    """``offerings`` in the order every chart uses: shipped ones as above, then others by name."""
    place = {name: i for i, name in enumerate(OFFERING_COLOURS)}
    return sorted(set(offerings), key=lambda name: (place.get(name, len(place)), name))


def offering_colours(offerings: Iterable[str]) -> dict[str, str]:
    """A colour for each offering, in stacking order.

    A shipped offering always has its own colour. An offering that a user defines gets one from a
    reserve, chosen by a checksum of its name: the same name looks the same on every machine, and
    two of them differ as long as the reserve lasts (eight).
    """
    colours: dict[str, str] = {}
    taken: set[int] = set()
    for name in stack_order(offerings):
        if name in OFFERING_COLOURS:
            colours[name] = OFFERING_COLOURS[name]
            continue
        slot = _free_slot(crc32(name.encode()) % len(_RESERVE), taken)
        taken.add(slot)
        colours[name] = _RESERVE[slot]
    return colours


def _free_slot(first: int, taken: set[int]) -> int:
    """The first reserve colour from ``first`` on that is not taken; ``first`` if all are."""
    for step in range(len(_RESERVE)):
        slot = (first + step) % len(_RESERVE)
        if slot not in taken:
            return slot
    return first


def bloc_colour(bloc: str, *, open_weights: bool = False) -> str:
    """The colour of a bloc ('us', 'cn', 'other') or its open weights; grey for an unknown word."""
    return (BLOC_OPEN_COLOURS if open_weights else BLOC_COLOURS).get(bloc, FAINT)


def is_dark(colour: str) -> bool:
    """Whether white text is easier to read on ``colour`` ('#rrggbb') than black text."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    # Weights of relative luminance, ITU-R BT.709.
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5

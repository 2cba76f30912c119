"""Hypothesis strategies that several test modules share."""

from hypothesis import strategies as st
from small_worlds import EIGHT, tables

ALL_ECONOMIES = tuple(tables().countries["iso3"].to_list())

#: Fractions, the ends included.
fractions = st.floats(0.0, 1.0)
#: Utilities in logit units, as large as the scenario's ranges make them.
utilities = st.floats(-20.0, 20.0)
#: Amounts of money, tokens or accelerators.
amounts = st.floats(1e-6, 1e9)
#: Seeds that a user may give.
seeds = st.integers(0, 2**63)


def economies(smallest: int = 5, largest: int = 12) -> st.SearchStrategy[tuple[str, ...]]:
    """Sets of economies that make a small world: the two home markets and a few others."""
    others = [code for code in ALL_ECONOMIES if code not in ("CHN", "USA")]
    rest = st.lists(
        st.sampled_from(others), min_size=smallest - 2, max_size=largest - 2, unique=True
    )
    return rest.map(lambda codes: tuple(sorted(["CHN", "USA", *codes])))


def shuffled() -> st.SearchStrategy[tuple[str, ...]]:
    """The eight economies of the small world in any order."""
    return st.permutations(EIGHT).map(tuple)

"""Mechanism 7: supplier ties, imitation of trade partners, installed base.

Claims D000-09, D001-07, D003-03, D004-06/08. Imitation and lock-in are not identified by one
cross-section: prior only.
"""

from __future__ import annotations

from sim.lanes.elementary import log
from sim.lanes.jit import equation


@equation
def supplier_tie(import_share: float, offset: float, scale: float) -> float:
    """ln((share of imports from the bloc + offset) / scale); offset keeps zero trade finite."""
    return log((import_share + offset) / scale)


@equation
def partner_exposure(
    through_network: float, weight_china: float, share_china: float, china_scale: float
) -> float:
    """Partners' use of an offering, in [0, 1], when China's trade column weighs `china_scale`.

    through_network: sum over partners of weight x share; the weights are renormalised so that only
    one product with the fixed network is ever needed (mechanism 10).
    """
    extra = (china_scale - 1.0) * weight_china
    return (through_network + extra * share_china) / (1.0 + extra)


@equation
def installed_base(stock: float, share: float, memory: float) -> float:
    """Skills and integrations built on an offering: moving average of its share of use."""
    return stock + memory * (share - stock)

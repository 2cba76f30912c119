"""Named axes and fixed code lists.

Array order is always period, economy, segment, offering, lane.
"""

from __future__ import annotations

BLOCS = ("us", "cn", "other")
US, CN, OTHER = range(3)

TRACKS = ("us_closed", "us_open", "cn_closed", "cn_open", "other_open", "best_open", "domestic")
US_CLOSED, US_OPEN, CN_CLOSED, CN_OPEN, OTHER_OPEN, BEST_OPEN, DOMESTIC = range(7)
RELEASED_BY = (US, US, CN, CN, OTHER)
RELEASED_TRACKS = 5  # the first five are released by somebody; the others are derived from them

PRICE_TRACKS = ("us_closed", "us_open", "cn_open", "other_open")
PRICE_US_CLOSED, PRICE_US_OPEN, PRICE_CN_OPEN, PRICE_OTHER_OPEN = range(4)

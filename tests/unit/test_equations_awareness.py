"""Who knows an offering, against closed forms."""

import pytest
from small_worlds import plain

from sim.equations import awareness

known, heard = plain(awareness.known), plain(awareness.heard)
STILL = {"word_of_mouth": 0.0, "use": 0.0, "partner_talk": 0.0, "partner_use": 0.0}


def after(months, level, told=0.0, forgetting=0.0, seed=0.02, launched=1.0, **more):
    """Awareness after some months of the same."""
    for _ in range(months):
        level = known(
            before=level,
            heard_=heard(told=told, **STILL | more),
            forgetting=forgetting,
            seed=seed,
            launched=launched,
        )
    return level


def test_nobody_knows_it_before_the_launch_and_the_seed_does_then():
    assert after(5, 0.0, told=0.5, launched=0.0) == 0.0
    assert after(1, 0.0, told=0.5) == 0.02
    assert after(1, 0.3, launched=0.0) == 0.0


def test_attention_alone_reaches_everybody_exponentially():
    assert 1.0 - after(30, 0.2, told=0.05) == pytest.approx(0.8 * 0.95**30, rel=1e-12)


def test_what_nobody_uses_is_forgotten():
    assert after(20, 0.5, forgetting=0.1) == pytest.approx(0.5 * 0.9**20, rel=1e-12)


def test_it_settles_where_telling_and_forgetting_balance():
    heard = 0.01 + 0.7 * 0.2 + 0.1 * 0.3
    found = after(
        4000, 0.02, 0.01, 0.1, word_of_mouth=0.7, use=0.2, partner_talk=0.1, partner_use=0.3
    )
    assert found == pytest.approx(heard / (heard + 0.1), rel=1e-12)


def test_users_speak_of_it_and_not_all_who_have_heard():
    assert after(1, 0.9, word_of_mouth=3.0) == 0.9


def test_awareness_stays_a_fraction_at_the_ends_of_its_ranges():
    assert after(1, 0.5, told=40.0) == 1.0
    assert after(1, 0.5, told=0.0, forgetting=1.0) == 0.0
    assert after(1, 1.0, told=9.0, forgetting=1.0) == 0.0


def test_attention_is_effort_and_what_the_news_add():
    attention = plain(awareness.attention)
    assert attention(0.02, 1.0, 3.0, 0.0) == 0.02
    assert attention(0.02, 0.25, 3.0, 2.0) == pytest.approx(0.035)
    assert attention(0.0, 1.0, 3.0, 2.0) == 0.0

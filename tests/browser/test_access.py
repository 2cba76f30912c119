"""The page for people who do not use a mouse, do not see it, or hold a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def violations(tab) -> list[str]:
    """What axe-core finds wrong, a line each."""
    found = Axe().run(tab).response["violations"]
    return [f"{v['id']}: {v['help']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


def test_no_violations(visit):
    tab = visit.open()
    assert violations(tab) == []
    tab.select_option("#country", "KEN")
    tab.wait_for_selector("#countries .chart[aria-label*='Kenya']")
    for summary in tab.locator("summary").all()[:6]:
        summary.click()
    assert violations(tab) == []


def test_keys_are_enough(visit):
    tab = visit.open()
    before = visit.side("b").get_attribute("data-hash")
    tab.keyboard.press("Tab")
    assert tab.evaluate("() => document.activeElement.className") == "skip"
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => document.activeElement.id") == "q-us.chip_controls.tightness":
            break
    else:
        pytest.fail("the slider is not reached by Tab")
    tab.keyboard.press("End")
    visit.wait_for("side B", before, lambda: visit.side("b").get_attribute("data-hash"))
    tab.focus("#play")
    tab.keyboard.press("Space")
    visit.wait_for("the month", "2035-12", lambda: tab.inner_text("#month-text"))
    tab.keyboard.press("Space")
    tab.focus("#country")
    tab.keyboard.type("Keny")
    tab.wait_for_selector("#countries .chart[aria-label*='Kenya']")


def test_focus_is_seen(visit):
    tab = visit.open()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    style = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert tab.evaluate(style) == "solid"


def test_a_phone_needs_no_sideways_scrolling(phone):
    tab = phone.open()
    tab.select_option("#country", "KEN")
    tab.wait_for_selector("#countries .chart[aria-label*='Kenya']")
    wide = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = tab.evaluate(wide)
    assert scroll <= client == 375
    assert violations(tab) == []
    before = phone.side("b").get_attribute("data-hash")
    tab.locator("[data-path='us.chip_controls.tightness'] input[type=number]").fill("0.1")
    tab.keyboard.press("Enter")
    phone.wait_for("side B", before, lambda: phone.side("b").get_attribute("data-hash"))

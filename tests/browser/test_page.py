"""The live page as a person uses it."""

import polars as pl
import pytest

from sim.errors import InputError
from sim.runs.run import run
from sim.scenario import load

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPILING_MS = 600_000
SLIDER = "[data-path='us.chip_controls.tightness'] input[type=range]"


def numbers(tab) -> str:
    """The table of world numbers."""
    return tab.inner_text("#headline tbody")


def moved(visit, value: str) -> str:
    """Move the slider of chip controls and wait for new numbers of side B."""
    before = visit.side("b").get_attribute("data-hash")
    visit.tab.locator(SLIDER).fill(value)
    return visit.wait_for(
        "the scenario of side B", before, lambda: visit.side("b").get_attribute("data-hash")
    )


def test_it_loads_from_this_machine_alone_and_both_sides_agree(visit):
    tab = visit.open()
    assert tab.title() == "Spheres"
    assert "+0.00 points (+0.00 points to +0.00 points)" in numbers(tab)
    assert visit.side("a").get_attribute("data-hash") == visit.side("b").get_attribute("data-hash")


def test_a_slider_moves_the_numbers_and_only_of_its_side(visit):
    tab = visit.open()
    before, left = numbers(tab), visit.side("a").get_attribute("data-hash")
    moved(visit, "395")
    visit.wait_for("the table", before, lambda: numbers(tab))
    assert visit.side("a").get_attribute("data-hash") == left
    tab.click("[data-path='us.chip_controls.tightness'] button")
    visit.wait_for("the table", numbers(tab), lambda: numbers(tab))
    visit.tab.wait_for_selector(f".panel:nth-of-type(2)[data-hash='{left}']")


def test_the_address_holds_the_view(visit):
    tab = visit.open()
    moved(visit, "10")
    tab.select_option("#group", "region:Africa")
    wanted = visit.side("b").get_attribute("data-hash")
    tab.wait_for_timeout(400)
    shared = tab.url
    tab.goto("about:blank")
    visit.open(shared.removeprefix(visit.address))
    assert visit.side("b").get_attribute("data-hash") == wanted
    assert tab.input_value("#group") == "region:Africa"
    assert "moved" in tab.get_attribute("[data-path='us.chip_controls.tightness']", "class")


def test_time_plays_and_pauses(visit):
    tab = visit.open()
    tab.click("#play")
    visit.wait_for("the month", "2035-12", lambda: tab.inner_text("#month-text"))
    seen = {visit.wait_for("the month", "", lambda: tab.inner_text("#month-text"))}
    while len(seen) < 4:
        seen.add(tab.inner_text("#month-text"))
    tab.click("#play")
    now = tab.inner_text("#month-text")
    tab.wait_for_timeout(500)
    assert tab.inner_text("#month-text") == now
    label = tab.get_attribute("#maps .chart", "aria-label")
    assert now in label


def test_a_click_on_the_map_shows_the_economy_and_its_decision(visit):
    tab = visit.open()
    tab.wait_for_selector("#maps .chart[aria-label]")
    canvas = tab.locator("#maps canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    tab.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.70)
    assert tab.input_value("#country") == "BRA"
    tab.wait_for_selector("#countries .chart[aria-label*='Brazil']")
    tab.locator("#month").fill("2")
    assert tab.inner_text("#month-text") == "2023-03"
    tab.click("#explain")
    tab.wait_for_selector("#decisions table")
    said = tab.inner_text("#decisions")
    assert "leads" in said
    assert "sovereignty" in said


def test_a_saved_scenario_runs_to_the_same_numbers(visit, tmp_path):
    tab = visit.open()
    moved(visit, "390")
    tab.wait_for_selector("#status:has-text('B: 16')")
    with tab.expect_download() as caught:
        tab.click("#save")
    file = tmp_path / caught.value.suggested_filename
    caught.value.save_as(file)
    resolved = load(str(file))
    assert resolved.hash.startswith(visit.side("b").get_attribute("data-hash"))
    table = run(resolved, 16, 1).tables["outcomes"]
    last = table.filter(pl.col("period") == pl.col("period").max())
    for outcome in ("world.share.us", "world.share.cn", "world.adoption"):
        runs = last.filter(outcome=outcome)["value"]
        row = tab.locator(f"tr[data-outcome='{outcome}'] td").nth(1).inner_text()
        quantiles = [runs.quantile(q, "linear") for q in (0.5, 0.05, 0.95)]
        assert row == "{:.2f} % ({:.2f} % to {:.2f} %)".format(*(100 * q for q in quantiles))


def test_a_bad_file_gets_the_message_of_the_command_line(visit, bad_scenario):
    with pytest.raises(InputError) as caught:
        load(str(bad_scenario))
    tab = visit.open()
    before = visit.side("b").get_attribute("data-hash")
    tab.set_input_files("#upload", str(bad_scenario))
    tab.wait_for_selector("#problem:not([hidden])")
    message = str(caught.value)
    assert tab.inner_text("#problem") == message[message.index(bad_scenario.name) :]
    assert visit.side("b").get_attribute("data-hash") == before
    visit.problems = [p for p in visit.problems if "422" not in p]  # the refusal itself


def test_an_uploaded_scenario_is_run(visit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("schema_version: 1\nname: mine\nextends: two-camps\n", encoding="utf-8")
    tab = visit.open()
    tab.set_input_files("#upload", str(file))
    wanted = load("two-camps").hash[:8]
    tab.wait_for_selector(f".panel:nth-of-type(2)[data-hash='{wanted}']")
    assert visit.side("b").locator("h3").inner_text() == "B: mine"


@pytest.mark.parametrize("form", ["PNG", "SVG", "CSV"])
def test_charts_can_be_taken_along(visit, form, tmp_path):
    tab = visit.open()
    tab.wait_for_selector("#maps .chart[aria-label]")
    starts = {"PNG": b"\x89PNG", "SVG": b"<svg", "CSV": b"month,offering,"}
    for place in ("#panels", "#maps"):
        with tab.expect_download() as caught:
            tab.locator(f"{place} button:has-text('{form}')").first.click()
        file = tmp_path / "chart"
        caught.value.save_as(file)
        content = file.read_bytes()
        wanted = b"iso3,economy" if (place, form) == ("#maps", "CSV") else starts[form]
        assert content.startswith(wanted)
        assert len(content) > 1000


def test_policies_and_other_scenarios_are_chosen(visit):
    tab = visit.open()
    tab.select_option("#scenario", "two-camps")
    wanted = load("two-camps").hash[:8]
    tab.wait_for_selector(f".panel:nth-of-type(2)[data-hash='{wanted}']")
    tab.click("aside summary:has-text('Policies')")
    tab.check("input[value='us-price-war']")
    wanted = load("two-camps+us-price-war").hash[:8]
    tab.wait_for_selector(f".panel:nth-of-type(2)[data-hash='{wanted}']")


def filled(tab) -> int:
    """Fewest runs that a side shows."""
    shown = tab.eval_on_selector_all(".panel", "all => all.map(one => Number(one.dataset.runs))")
    return min(shown) if len(shown) == 2 else 0


def test_a_reload_while_it_refines_fills_the_page_again(refining):
    tab = refining.tab
    for reached in (200, 300):  # again, from where the first reload found it
        tab.wait_for_function(
            "runs => [...document.querySelectorAll('.panel')].some(one =>"
            " parseInt(one.innerText.match(/(\\d+) of \\d+ runs/)?.[1] ?? '0') >= runs)",
            arg=reached,
            timeout=COMPILING_MS,
        )
        tab.reload()
        tab.wait_for_selector(".panel:nth-of-type(1)[data-runs]")
        tab.wait_for_selector(".panel:nth-of-type(2)[data-runs]")
        assert filled(tab) >= reached, "what was run before is there at once"
    tab.select_option("#segment", "developers")
    tab.wait_for_selector(".panel:nth-of-type(1)[data-runs='480']", timeout=COMPILING_MS)
    tab.wait_for_selector(".panel:nth-of-type(2)[data-runs='480']", timeout=COMPILING_MS)


def test_the_page_says_so_when_no_answer_comes(visit):
    tab = visit.open()
    assert tab.is_hidden("#silence")
    held = []
    tab.route("**/api/run", lambda route: held.append(route))
    tab.select_option("#segment", "developers")
    tab.wait_for_selector("#silence:not([hidden])", timeout=15_000)
    assert "No answer for five seconds" in tab.inner_text("#silence")
    for route in held:
        route.continue_()
    tab.wait_for_selector("#silence", state="hidden")

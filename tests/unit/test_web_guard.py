"""The page answers this machine and its own scripts, and says what it refuses."""

import json

import httpx
import pytest
from live_page import page

from sim.errors import InputError
from sim.scenario import load
from sim.web.catalogue import label, slider
from sim.web.guard import BODY_BYTES

HORIZON = "horizon: {end: 2023-03}\n"
SHORT = {"name": "s.yaml", "text": f"schema_version: 1\nname: s\nextends: baseline\n{HORIZON}"}


@pytest.fixture(scope="module")
def client():
    with page(16) as address, httpx.Client(base_url=address, timeout=120) as found:
        yield found


def test_every_answer_carries_the_policy(client):
    for address in ("/", "/assets/page.js", "/assets/page.css", "/nothing", "/api/library"):
        answer = client.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_has_no_inline_script_or_style_and_names_no_other_host(client):
    page = client.get("/").text
    assert "<script>" not in page
    assert "style=" not in page
    assert "onclick" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "example.org"}, 421),
        ({"host": "127.0.0.1:1"}, 421),
        ({"origin": "http://example.org"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://example.org/x"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "itself", "sec-fetch-site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_foreign_hosts_and_pages_are_refused(client, headers, status):
    itself = str(client.base_url).rstrip("/")
    headers = {name: itself if said == "itself" else said for name, said in headers.items()}
    answer = client.get("/api/library", headers=headers)
    assert answer.status_code == status
    assert status == 200 or answer.json()["message"]
    posted = client.post("/api/save", json={}, headers=headers)
    assert posted.status_code == status


def test_a_form_of_another_page_cannot_post(client):
    answer = client.post("/api/save", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


def test_large_bodies_are_refused_whether_they_say_so_or_not(client):
    body = json.dumps({"scenario": "x" * BODY_BYTES}).encode()
    json_type = {"content-type": "application/json"}
    assert client.post("/api/save", content=body, headers=json_type).status_code == 413
    pieces = (body[i : i + 50_000] for i in range(0, len(body), 50_000))
    assert client.post("/api/save", content=pieces, headers=json_type).status_code == 413
    long = {"upload": {"name": "x.yaml", "text": "#" * 200_001}}
    assert client.post("/api/save", json=long).status_code == 422


@pytest.mark.parametrize(
    "name", ["..%2f..%2fpyproject.toml", "%2e%2e/app.py", "app.py", "/etc/passwd"]
)
def test_no_address_names_a_file(client, name):
    answer = client.get(f"/assets/{name}")
    assert answer.status_code == 404
    assert "passwd" not in answer.text
    assert "project" not in answer.text


def test_errors_are_those_of_the_command_line(client, tmp_path):
    text = "schema_version: 1\nname: bad\nextends: baseline\nset:\n  frontier.cn.catchup: 0.04\n"
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(str(file))
    for address in ("describe", "save"):
        body = {"upload": {"name": "bad.yaml", "text": text}}
        answer = client.post(f"/api/{address}", json=body)
        assert answer.status_code == 422
        assert answer.json() == {
            "message": str(caught.value).replace(str(file), "bad.yaml"),
            "exit_code": 3,
        }
    lines = client.post("/api/run", json={"selection": body}).text.splitlines()
    assert json.loads(lines[-1])["message"] == answer.json()["message"]


def test_a_scenario_too_large_for_the_page_is_refused(client):
    text = SHORT["text"].replace("2023-03", "2099-12")
    answer = client.post("/api/describe", json={"upload": {"name": "s.yaml", "text": text}})
    assert answer.status_code == 422
    assert "too large" in answer.json()["message"]


def test_an_unknown_key_is_refused(client):
    answer = client.post("/api/save", json={"scenaro": "baseline"})
    assert answer.status_code == 422
    assert "scenaro" in answer.json()["message"]


def test_a_run_says_stage_map_and_end(client):
    answer = client.post("/api/run", json={"selection": {"upload": SHORT}})
    kinds = [json.loads(line)["kind"] for line in answer.text.splitlines()]
    assert kinds == ["stage", "map", "end"]
    economy = client.post(
        "/api/economy", json={"selection": {"upload": SHORT}, "iso3": "KEN"}
    ).json()
    assert economy["runs"] == 16


def test_the_decision_is_that_of_explain(client):
    from sim.explain.explain import explain
    from sim.web.selection import Selection, Upload, resolve

    body = {
        "selection": {"upload": SHORT},
        "iso3": "KEN",
        "month": "2023-02",
        "segment": "consumers",
    }
    answer = client.post("/api/decision", json=body).json()
    resolved = resolve(Selection(upload=Upload(**SHORT)))
    found = explain(resolved, "KEN", "2023-02", ("consumers",))
    assert answer["segments"][0]["leader"] == found.segments[0].leader
    assert answer["segments"][0]["gap"] == found.segments[0].gap
    bad = client.post("/api/decision", json={**body, "month": "2031-01"})
    assert (bad.status_code, bad.json()["exit_code"]) == (422, 3)


def test_everything_that_can_be_moved_is_described(client):
    about = client.post("/api/describe", json={}).json()
    quantities = load("baseline").quantities
    assert {entry["path"] for entry in about["quantities"]} == set(quantities)
    for entry in about["quantities"]:
        low, high = entry["slider"]
        assert entry["range"][0] <= low < high <= entry["range"][1], entry["path"]
        assert entry["unit"], entry["path"]
        assert entry["source"], entry["path"]
        assert entry["label"], entry["path"]


def test_labels_and_sliders():
    assert label("us.chip_controls.tightness") == "US chip controls: tightness"
    quantity = load("baseline").quantities["price.us_closed"]
    low, high = slider(quantity)
    assert low < quantity.value < high < quantity.range[1]

"""The shipped library: short files that say where they come from and that compose."""

import pytest

from sim.errors import DuplicateKey
from sim.files import scenarios_dir
from sim.scenario import load
from sim.scenario.claim_ids import claim_ids
from sim.scenario.layers import read_layer, shipped_names
from sim.scenario.schema import OverrideFile, PolicyFile

LAYERS = {name: read_layer(path) for name, path in shipped_names().items()}
POLICIES = sorted(name for name, layer in LAYERS.items() if isinstance(layer.file, PolicyFile))
SCENARIOS = sorted(name for name, layer in LAYERS.items() if isinstance(layer.file, OverrideFile))
#: Policies that say opposite things about one lever; together they are refused.
AGAINST = {"chip-controls-tightened": ("chip-controls-lifted", "chip-leakage-doubled")}
FIRST_POLICY_MONTH = "2026-12"  # what is before it has happened


def test_the_five_documents_have_a_world_each():
    of = {scenario: {claim[:4] for claim in LAYERS[scenario].file.claims} for scenario in SCENARIOS}
    assert {document for documents in of.values() for document in documents} == {
        f"D00{k}" for k in range(5)
    }
    assert all(len(documents) == 1 for documents in of.values())


@pytest.mark.parametrize("name", [*SCENARIOS, *POLICIES])
def test_a_file_is_short_says_what_it_is_and_cites_the_ledger(name):
    file = LAYERS[name].file
    path = shipped_names()[name]
    assert len(path.read_text(encoding="utf-8").splitlines()) < 60
    assert path.parent.name == ("policies" if name in POLICIES else scenarios_dir().name)
    assert file.name == name
    assert len(file.narrative) > 60
    assert file.claims
    assert set(file.claims) <= claim_ids()
    for path_, raw in file.set.items():
        said = path_.startswith("structure.") or {"source", "confidence"} <= set(raw)
        assert said, f"{path_} without source and confidence"
    for event in file.events:
        assert event.label, event
        assert set(event.claims) <= claim_ids()


@pytest.mark.parametrize("name", [*SCENARIOS, *POLICIES])
def test_events_leave_the_past_alone(name):
    """Scenarios depart before policies start, so that a policy is not undone by the scenario."""
    layer = LAYERS[name]
    early = [event for event in layer.file.events if event.on < FIRST_POLICY_MONTH]
    assert early == []
    late = [e for e in layer.file.events if name in SCENARIOS and e.on > FIRST_POLICY_MONTH]
    assert late == []


@pytest.mark.parametrize("scenario", ["baseline", *SCENARIOS])
def test_all_policies_compose_with_all_scenarios(scenario):
    """Refusals are about two files, so stacking all that agree tests every pair of them."""
    alone = load(scenario)
    for tight, loose in AGAINST.items():
        one = load(scenario, [name for name in POLICIES if name != tight])
        two = load(scenario, [name for name in POLICIES if name not in loose])
        assert len({alone.hash, one.hash, two.hash}) == 3
        assert not [*alone.warnings, *one.warnings, *two.warnings]


@pytest.mark.parametrize(("one", "other"), [(a, b) for a, many in AGAINST.items() for b in many])
def test_contradicting_policies_are_refused(one, other):
    with pytest.raises(DuplicateKey, match=r"us\.chip_controls"):
        load("baseline", [one, other])


@pytest.mark.parametrize("scenario", ["baseline", *SCENARIOS])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_holds_to_the_end_whatever_the_scenario(scenario, policy):
    """The last event on a policy's lever is the policy's own."""
    wanted = {(e.lever, e.economies): e.to for e in LAYERS[policy].file.events}
    resolved = _composed(scenario, policy)
    last = {(e.lever, e.economies): e.to for e in resolved.events if e.until is None}
    assert {key: last[key] for key in wanted} == wanted


def _composed(scenario, policy, _cache={}):  # noqa: B006 - one load of all policies a scenario
    tight = policy in AGAINST
    if (scenario, tight) not in _cache:
        names = [p for p in POLICIES if (p not in AGAINST) != tight]
        _cache[scenario, tight] = load(scenario, names)
    return _cache[scenario, tight]

"""What must hold for any scenario: no-op overrides, order of keys, writing and reading back."""

import random
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import load
from sim.scenario.diff import differences
from sim.scenario.yaml_lines import parse_yaml
from sim.scenario.yaml_write import write_yaml

SMALL = Path(__file__).parents[1] / "fixtures" / "scenarios" / "small.yaml"
BASE = load(SMALL)
PATHS = sorted(BASE.quantities)
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
values = st.fixed_dictionaries(
    {"frontier.cn.catch_up": st.floats(0.001, 0.2), "frontier.us.pace": st.floats(0.2, 3)},
    optional={
        "segments.government.churn": st.floats(0, 1),
        "offerings.domestic.constant.government": st.floats(-5, 5),
        "us.chip_controls.tightness": st.floats(0, 1),
    },
)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


def override(tmp_path, content, name="new"):
    path = tmp_path / f"{name}.yaml"
    whole = {"schema_version": 1, "name": name, "extends": str(SMALL), **content}
    path.write_text(write_yaml(whole), encoding="utf-8")
    return load(path)


@quick
@given(chosen=st.lists(st.sampled_from(PATHS), unique=True))
def test_override_with_own_value_changes_nothing(chosen, tmp_path):
    own = {path: BASE.quantities[path].value for path in chosen}
    new = override(tmp_path, {"set": own})
    assert new.hash == BASE.hash
    assert not differences(BASE, new)


@quick
@given(chosen=st.sampled_from(PATHS))
def test_override_with_own_parts_changes_nothing(chosen, tmp_path):
    quantity = BASE.quantities[chosen]
    own = {"value": quantity.value, "unit": quantity.unit, "source": quantity.source}
    assert override(tmp_path, {"set": {chosen: own}}).hash == BASE.hash


@quick
@given(values=values, seed=st.integers(0, 10**6))
def test_order_of_overrides_does_not_matter(values, seed, tmp_path):
    items = list(values.items())
    random.Random(seed).shuffle(items)
    one = override(tmp_path, {"set": values})
    assert one == override(tmp_path, {"set": dict(items)})


@quick
@given(seed=st.integers(0, 10**6))
def test_order_of_keys_does_not_matter(seed, tmp_path):
    content = parse_yaml(SMALL.read_text(encoding="utf-8"), "small").value
    path = tmp_path / "shuffled.yaml"
    path.write_text(write_yaml(shuffled(content, random.Random(seed))), encoding="utf-8")
    assert load(path) == BASE


def shuffled(node, generator, key=""):
    """Every mapping in another order, except the two whose order is an axis."""
    if not isinstance(node, dict):
        return node
    items = [(k, shuffled(v, generator, k)) for k, v in node.items()]
    if key not in ("segments", "offerings"):
        generator.shuffle(items)
    return dict(items)


@quick
@given(values=values, narrative=texts, memo=texts.map("a memo {}".format))
def test_written_text_reads_back_equal(values, narrative, memo, tmp_path):
    parts = {path: {"value": value, "source": memo} for path, value in values.items()}
    new = override(tmp_path, {"set": parts, "narrative": narrative})
    again = tmp_path / "again.yaml"
    again.write_text(new.to_yaml(), encoding="utf-8")
    assert load(again) == new
    assert load(again).to_yaml() == new.to_yaml()


tricky = ["NO", "1e-3", "0x1", "2026-07", "true", "null", "~", "", "1.", "-", "=", "<<"]
scalars = (
    st.booleans()
    | st.none()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(tricky)
    | texts
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts.filter(bool), inner, max_size=4)
    ),
    max_leaves=20,
)


@quick
@given(tree=trees)
def test_writer_and_reader_agree(tree):
    assert parse_yaml(write_yaml({"x": tree}), "test").value == {"x": tree}


def refusal(path):
    """What is wrong with a file, as text; anything but an InputError fails the test."""
    try:
        load(path)
    except InputError as error:
        return str(error)
    return ""


@quick
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused_cleanly(text, tmp_path):
    path = tmp_path / "any.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    assert "\n" not in refusal(path)


@quick
@given(data=st.data())
def test_any_value_anywhere_is_read_or_refused_cleanly(data, tmp_path):
    content = parse_yaml(SMALL.read_text(encoding="utf-8"), "small").value
    node = content
    while isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)))
        if not isinstance(node[key], dict) or data.draw(st.booleans()):
            node[key] = data.draw(trees)
            break
        node = node[key]
    path = tmp_path / "any.yaml"
    path.write_text(write_yaml(content), encoding="utf-8")
    assert refusal(path) == "" or str(path) in refusal(path)


def test_yaml_library_reads_the_same_numbers():
    theirs = yaml.safe_load(BASE.to_yaml())
    assert theirs["parameters"]["frontier"]["cn"]["catch_up"]["value"] == 0.05

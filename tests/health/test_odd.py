"""sim/ODD.md says what the code does: generated parts in step, every name and link in it exists."""

from __future__ import annotations

import re
import shutil

import pytest
from odd import COMMAND, DOCUMENT, main, parts, renewed
from odd_equations import equations_markdown, mechanisms, prose, steps_markdown
from odd_tables import grouped, parameters_markdown
from source_tree import PACKAGE, ROOT

from sim.errors import InputError
from sim.record.codelist import METRICS
from sim.scenario import load

pytestmark = pytest.mark.generated

TEXT = DOCUMENT.read_text(encoding="utf-8")
BY_HAND = re.sub(r"<!-- generated:(\S+) -->.*?<!-- /generated:\1 -->", "", TEXT, flags=re.DOTALL)
#: A file that may name something dotted without its being a path or an equation.
FILES = re.compile(r"^(sim|seeds|scenarios|tests)/")


@pytest.fixture(scope="module")
def blocks():
    return parts()


@pytest.fixture(scope="module")
def baseline():
    return load("baseline")


def test_generated_parts_are_in_step(blocks):
    assert renewed(TEXT, blocks) == TEXT, f"make docs, or: {COMMAND}"


def test_every_equation_is_shown_to_the_letter(blocks):
    shown = blocks["equations"]
    count = 0
    rooms = [PACKAGE / "equations", PACKAGE / "lanes"]
    for path in sorted(p for room in rooms for p in room.glob("*.py")):
        for name in re.findall(r"^@equation\ndef (\w+)", path.read_text("utf-8"), re.MULTILINE):
            count += 1
            assert shown.count(f"**`{path.stem}.{name}(") == 1, name
    assert shown.count("\n```python\n") == count > 50


def test_every_quantity_is_in_one_table(blocks, baseline):
    first_cells = re.findall(r"^\| `([\w.]+)` \|", blocks["parameters"], re.MULTILINE)
    shown = [cell for cell in first_cells if cell in baseline.quantities]
    assert sorted(shown) == sorted(baseline.quantities)
    assert sum(len(group) for group in grouped(baseline).values()) == len(shown)


def test_all_steps_of_the_month(blocks):
    assert re.findall(r"^(\d+)\. \*\*", blocks["steps"], re.MULTILINE) == [
        str(k) for k in range(1, 12)
    ]


def test_the_seven_elements_in_order():
    heads = re.findall(r"^## (\d)\. (.+)$", BY_HAND, re.MULTILINE)
    assert heads == [
        ("1", "Purpose and patterns"),
        ("2", "Entities, state variables, and scales"),
        ("3", "Process overview and scheduling"),
        ("4", "Design concepts"),
        ("5", "Initialization"),
        ("6", "Input data"),
        ("7", "Submodels"),
    ]


def known_names(baseline) -> set[str]:
    names = {f"{m.module}.{e.name}" for m in mechanisms(PACKAGE) for e in m.equations}
    names |= set(baseline.quantities) | {entry.name for entry in METRICS}
    names |= {f"structure.{key}" for key in type(baseline.structure).model_fields}
    return names | {"Country.step", "released.*"}


def test_names_in_the_text_by_hand_exist(baseline):
    known = known_names(baseline)
    quoted = set(re.findall(r"`([^`\n]+)`", BY_HAND))
    files = {name for name in quoted if FILES.match(name)}
    dotted = {name for name in quoted - files if re.fullmatch(r"[a-zA-Z_]+(\.[\w*]+)+", name)}
    assert len(files) > 10
    assert len(dotted) > 20
    assert not [name for name in files if not (ROOT / name).exists()]
    assert not sorted(dotted - known)


def test_links_lead_somewhere():
    heads = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    links = re.findall(r"\]\(([^)\s]+)\)", TEXT)
    assert len(links) > 20
    assert not [k for k in links if k.startswith("#") and k[1:] not in anchors]
    assert not [k for k in links if not k.startswith(("#", "http")) and not (PACKAGE / k).exists()]


@pytest.fixture
def copied(tmp_path):
    for room in ("lanes", "equations", "model"):
        shutil.copytree(PACKAGE / room, tmp_path / room)
    return tmp_path


def test_an_edited_formula_is_seen(copied, blocks):
    path = copied / "equations" / "access.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("(1.0 - banned)", "(1.0 - 0.5 * banned)"), encoding="utf-8")
    assert equations_markdown(copied) != blocks["equations"]


def test_an_edited_order_is_seen(copied, blocks):
    path = copied / "model" / "month.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('("choice", ', '("whim", '), encoding="utf-8")
    assert steps_markdown(copied) != blocks["steps"]
    path.write_text(text.replace("STEPS = ", "ORDER = "), encoding="utf-8")
    with pytest.raises(InputError, match="does not list its steps"):
        steps_markdown(copied)


def test_an_edited_number_is_seen(blocks):
    moved = load("baseline", sets=["frontier.elasticity=0.31"])
    assert parameters_markdown(moved) != blocks["parameters"]


@pytest.mark.parametrize("mark", ["<!-- generated:steps -->", "<!-- /generated:equations -->"])
def test_a_lost_marker_is_refused(blocks, mark):
    with pytest.raises(InputError, match="Each once, with its end after it: segments"):
        renewed(TEXT.replace(mark, ""), blocks)


def test_the_command_writes_a_stale_document_anew(tmp_path, blocks):
    path = tmp_path / "ODD.md"
    stale = TEXT.replace("1. **levers**", "1. **something else**")
    assert stale != TEXT
    path.write_text(stale, encoding="utf-8")
    assert main(path) == 0
    assert path.read_text(encoding="utf-8") == renewed(TEXT, blocks)


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    assert main(tmp_path / "none.md") == 3
    assert "the description of the model is not there" in capsys.readouterr().err


def test_signs_of_markdown_are_escaped_outside_code():
    assert prose("a ** b, x < `y * z` | [lane]") == r"a \*\* b, x \< `y * z` \| \[lane\]"

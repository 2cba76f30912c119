"""What is kept of scenario files: shipped ones stay, others go with whoever used them."""

import gc

from sim.scenario import begin, claim_ids, load, load_text
from sim.scenario.layers import read_chain


def test_a_draft_that_was_changed_leaves_the_kept_one_alone():
    layer = read_chain("baseline")[0]
    one, wanted = begin.start_draft(layer), begin.start_draft(layer)
    for part in (one.sources, one.segments, one.offerings, one.quantities):
        part.clear()
    one.places.clear()
    one.warnings.append("changed")
    again = begin.start_draft(layer)
    assert again == wanted
    assert again.quantities


def test_nothing_stays_of_a_text_that_somebody_handed_in():
    load("baseline")
    gc.collect()
    before = len(claim_ids._citations), len(begin._drafts)
    whole = load("baseline").to_yaml()
    for k in range(3):
        load_text(whole.replace("name: baseline", f"name: mine-{k}", 1), "mine.yaml")
    gc.collect()
    assert (len(claim_ids._citations), len(begin._drafts)) == before

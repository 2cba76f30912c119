"""`spheres compare` as a user runs it (in this process): folders, printed text, refusals."""

from __future__ import annotations

import json
import sys

import polars as pl
import pytest

from sim.cli import app as cli

LATE = """\
schema_version: 1
kind: policy
name: late
events:
  - {on: 2040-01, lever: us.price_cut, to: 0.5, confidence: assumed}
"""
SHORT = ("--set-all", "horizon.end=2023-12", "-n", "8")


@pytest.fixture
def spheres(monkeypatch, capsys):
    """Call the command line; gives exit code, stdout, stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["spheres", *map(str, arguments)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        return code, out, err

    return call


def table(folder, stem):
    return pl.read_parquet(folder / "results" / f"{stem}.parquet")


def all_zero(folder) -> bool:
    found = [table(folder, stem) for stem in ("differences", "groups", "countries")]
    return all(t["difference"].drop_nulls().to_numpy().tobytes().count(0) == 8 * len(
        t["difference"].drop_nulls()) for t in found)  # fmt: skip


def test_a_price_change_shows_and_luck_does_not(spheres, tmp_path):
    folder = tmp_path / "cut"
    code, out, _ = spheres(
        "compare", "baseline", "--set", "us.price_cut=0.05", *SHORT, "-o", folder
    )
    assert code == 0
    assert "us.price_cut: 0 -> 0.05" in out
    assert "Common random numbers cut the variance" in out
    found = table(folder, "differences")
    assert found["variance_reduction"].drop_nulls().min() >= 10
    assert found.filter(outcome="world.share.us_closed")["clear_from"].drop_nulls().len() > 0
    assert (folder / "summary.md").read_text("utf-8") == out[: out.index("\nwritten to")]
    assert pl.read_csv(folder / "summary.csv")["outcome"].n_unique() == found["outcome"].n_unique()
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert drawn == {"ribbons", "ranked", "switching"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [arm["name"] for arm in manifest["arms"]] == ["baseline", "baseline [us.price_cut=0.05]"]
    assert spheres("verify", folder)[0] == 0


def test_what_changes_nothing_is_exactly_nothing(spheres, tmp_path):
    # An empty diff, a policy after the horizon, a value set to itself.
    late = tmp_path / "late.yaml"
    late.write_text(LATE, "utf-8")
    changes = (("baseline",), ("--policy", late), ("--set", "us.price_cut=0"))
    for k, words in enumerate(changes):
        folder = tmp_path / str(k)
        code, out, _ = spheres("compare", "baseline", *words, *SHORT, "--no-figures", "-o", folder)
        assert code == 0
        assert all_zero(folder)
        assert "every difference of a named outcome is exactly 0" in out
        assert ("2040-01 is outside the horizon" in out) == (k == 1)


def test_same_bytes_for_any_number_of_workers(spheres, tmp_path):
    for workers in (1, 2):
        words = ("compare", "baseline", "--set", "us.price_cut=0.05", *SHORT, "--no-figures")
        spheres(*words, "--workers", workers, "-o", tmp_path / str(workers))
    one, two = (sorted((tmp_path / str(k) / "results").glob("*.parquet")) for k in (1, 2))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_what_cannot_be_compared_is_refused(spheres, tmp_path):
    code, _, err = spheres("compare", "baseline")
    assert (code, err.count("\n")) == (3, 1)
    assert "nothing to compare with" in err
    code, _, err = spheres("compare", "baseline", "us-price-war")
    assert code == 3
    assert "a policy is not a scenario" in err
    code, _, err = spheres("compare", "baseline", "+us-price-wax")
    assert code == 3
    assert "us-price-war" in err
    code, _, err = spheres("compare", "baseline", "+us-price-war", "--half-width", "0")
    assert code == 2
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    code, _, err = spheres("compare", "baseline", "+us-price-war", "-o", tmp_path)
    assert code == 3
    assert "no finished run wrote" in err


def test_a_folder_of_another_comparison_is_kept(spheres, tmp_path):
    words = ("compare", "baseline", *SHORT, "--no-figures", "-o", tmp_path / "x")
    assert spheres(*words, "--set", "us.price_cut=0.05")[0] == 0
    code, _, err = spheres(*words, "--set", "us.price_cut=0.06")
    assert code == 3
    assert "--force" in err
    assert spheres(*words, "--set", "us.price_cut=0.06", "--force")[0] == 0


def test_parts_are_written_drawn_and_told(spheres, tmp_path):
    sets = ("--set", "us.price_cut=0.2", "--set", "buzz.cn=0.3")
    code, out, err = spheres(
        "compare", "baseline", *sets, *SHORT, "--attribute", "-o", tmp_path / "x"
    )
    assert code == 0
    assert "4 worlds of 8 replicates, 2 of them for parts" in err
    assert "us.price_cut=0.2 " in out[out.index("What the differences are made of") :]
    parts = table(tmp_path / "x", "attribution")
    sums = parts.group_by("outcome", "period").agg(pl.col("part").sum(), pl.col("total").first())
    assert (sums["part"] == sums["total"]).all()
    drawn = {path.name for path in (tmp_path / "x" / "figures").iterdir()}
    assert {"parts-share-cn.png", "parts-adoption.svg"} <= drawn

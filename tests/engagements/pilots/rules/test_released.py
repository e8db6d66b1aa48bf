"""Counts that may be shown of a pilot: small ones are hidden, and what would give them back with them."""

import json
import time

import numpy as np
import pytest

from engagements.pilots.rules.data import Cells
from engagements.pilots.rules.privacy.suppression import TOTAL
from engagements.pilots.rules.reading import csv_lines, read_table
from engagements.pilots.rules.released import plain_tables, release, release_each, tables_of
from engagements.pilots.rules.tallies import KEYS
from tests.engagements.pilots.made_registration import EARNINGS, make_registration

SHARE = make_registration()
MEAN = make_registration(outcome=EARNINGS)


def data(text, registration=SHARE):
    header, rows = csv_lines(text.encode())
    return read_table(header, rows, registration).outcomes[registration.outcome.key]


def shown(text, registration=SHARE, **more):
    return release(data(text, registration), registration, **more)


def test_large_counts_are_all_shown():
    found = shown("arm,n,total,assigned\nusual,400,120,440\ncoaching,410,150,450\n")
    assert found.is_whole
    assert found.header == ("arm", "n", "total", "squares", "assigned")
    assert found.rows == (("coaching", 410, 150, 150, 450), ("usual", 400, 120, 120, 440))


def test_few_with_the_outcome_hide_it_and_the_sum_of_everybody():
    found = shown("arm,n,total\nusual,400,4\ncoaching,410,150\n")
    assert found.rows == (("coaching", 410, 150, 150), ("usual", 400, None, None))
    everybody = [key for key in found.tables["events"] if key[0] not in ("usual", "coaching")]
    assert [found.tables["events"][key] for key in everybody] == [None]


def test_few_without_the_outcome_are_as_few():
    assert shown("arm,n,total\nusual,400,397\ncoaching,410,150\n").hidden == 1


def test_a_small_block_goes_with_another_of_its_arm():
    found = shown(
        "arm,block,n,total,squares\nusual,a,4,9,30\nusual,b,50,90,300\nusual,c,70,90,300\ncoaching,a,60,90,300\n", MEAN
    )
    hidden = {row[:2] for row in found.rows if None in row}
    assert hidden == {("usual", "a"), ("usual", "b")}


def test_few_lost_or_few_who_took_part_are_hidden():
    found = shown("arm,n,total,assigned,took_part\nusual,400,120,403,0\ncoaching,410,150,450,405\n")
    by_arm = {row[0]: row for row in found.rows}
    assert by_arm["usual"][-2:] == (None, 0)
    assert by_arm["coaching"][-2:] == (450, None)


def test_a_second_version_hides_what_differs_by_few_people():
    first = shown("arm,n,total\nusual,400,120\ncoaching,410,150\n")
    again = tables_of(json.loads(json.dumps(plain_tables(first.tables))))
    assert again == first.tables
    second = shown("arm,n,total\nusual,403,120\ncoaching,450,150\n", earlier=[again])
    assert {row[0]: row[1] for row in second.rows}["usual"] is None
    assert shown("arm,n,total\nusual,400,120\ncoaching,410,150\n", earlier=[again]).is_whole


@pytest.mark.parametrize("limit", [10, 30])
def test_an_agreement_may_ask_for_more(limit):
    found = shown("arm,n,total,squares\nusual,25,120,900\ncoaching,410,150,900\n", MEAN, limit=limit)
    assert found.is_whole == (limit == 10)


def test_rows_are_shown_as_counts_only():
    registration = make_registration()
    text = "arm,had_job\n" + "usual,1\nusual,0\ncoaching,1\ncoaching,0\n" * 30
    found = shown(text, registration)
    assert found.header[:2] == ("arm", "n")
    assert found.rows[0][:3] == ("coaching", 60, 30)


def test_people_of_two_outcomes_are_one_release():
    """400 with the one and 397 with the other: three people would be told."""
    plan = make_registration(secondary=(EARNINGS,))
    lines = "had_job,usual,400,120,\nhad_job,coaching,410,150,\n"
    lines += "earnings,usual,{},900,300000\nearnings,coaching,410,900,9000\n"
    for measured, is_told in ((397, False), (400, True), (380, True)):
        text = "outcome_key,arm,n,total,squares\n" + lines.format(measured)
        found = release_each(read_table(*csv_lines(text.encode()), plan).outcomes, plan)
        assert found["had_job"].is_whole and found["earnings"].is_whole == is_told


def test_the_largest_table_with_many_small_counts_takes_seconds():
    """28,800 cells, 2 in 100 small, of two outcomes: without a bound the solver does not end in a minute."""
    plan = make_registration(secondary=(EARNINGS,))
    draw = np.random.default_rng(1)
    keys = np.array(
        [
            (("usual", "coaching")[s % 2], "", "", f"s{s}", f"{m}", x)
            for s in range(400)
            for m in range(36)
            for x in "ab"
        ],
        dtype=object,
    )
    n = np.where(draw.random(len(keys)) < 0.02, draw.integers(1, 10, len(keys)), draw.integers(60, 200, len(keys)))
    total, unknown = np.floor(n / 2), np.full(len(keys), np.nan)
    numbers = {"n": n.astype(float), "total": total, "squares": total, "assigned": unknown, "took_part": unknown}
    cells = Cells(**dict(zip(KEYS, keys.T, strict=True)), **numbers)
    begins = time.perf_counter()
    found = release_each({"had_job": cells, "earnings": cells}, plan)["had_job"]
    assert time.perf_counter() - begins < 15
    assert found.only_sums and found.hidden == len(keys)
    people = found.tables["people"]
    by_arm = {key[0]: count for key, count in people.items() if set(key[1:]) == {TOTAL} and key[0] != TOTAL}
    assert by_arm == {arm: n[keys[:, 0] == arm].sum() for arm in ("usual", "coaching")}


def test_the_primary_is_shown_alike_with_other_outcomes_and_alone():
    """The page asks for the primary, the bundle for all: what is left of the work must not tell them apart."""
    plan = make_registration(secondary=(EARNINGS,))
    lines = ["outcome_key,arm,block,n,total,squares"]
    for key in ("earnings", "had_job"):
        squares = "900" if key == "earnings" else ""
        lines += [f"{key},usual,b{at},{4 if at == 0 else 60},{2 if at == 0 else 30},{squares}" for at in range(200)]
        lines += [f"{key},coaching,b{at},60,30,{squares}" for at in range(200)]
    outcomes = read_table(*csv_lines("\n".join(lines).encode()), plan).outcomes
    both, alone = release_each(outcomes, plan), release_each({"had_job": outcomes["had_job"]}, plan)
    assert both["had_job"] == alone["had_job"]
    assert both["had_job"].work > 0

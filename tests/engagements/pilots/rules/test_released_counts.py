"""A bundle gives what the page of the data shows, or sums of it, and beside any page it gives no hidden count back."""

import numpy as np
import pytest

from engagements.pilots.rules.reading import csv_lines, read_table
from engagements.pilots.rules.released import release_each
from engagements.pilots.rules.released_counts import given_counts
from tests.engagements.pilots.made_registration import EARNINGS, JOBS, make_registration

LIMIT = 10


def both(text, registration=None, earlier=None):
    """What the page shows of a file, and what the bundle gives."""
    plan = registration or make_registration()
    header, rows = csv_lines(text.encode())
    table = read_table(header, rows, plan)
    shown = release_each(table.outcomes, plan, LIMIT, earlier)
    return shown, given_counts(table.outcomes, shown, plan.outcome.key, table.groups, LIMIT)


def n_by(cells, *names):
    return {tuple(getattr(cells, name)[at] for name in names): cells.n[at] for at in range(len(cells.n))}


def test_where_the_page_hides_nothing_the_bundle_is_the_page():
    _, given = both("arm,block,n,total\nusual,a,400,120\nusual,b,300,90\ncoaching,a,410,150\n")
    assert given.is_whole
    assert n_by(given.outcomes["had_job"], "arm", "block") == {
        ("usual", "a"): 400,
        ("usual", "b"): 300,
        ("coaching", "a"): 410,
    }


def test_a_small_block_leaves_the_sums_by_arm():
    shown, given = both("arm,block,n,total\nusual,a,4,2\nusual,b,300,90\nusual,c,500,99\ncoaching,a,410,150\n")
    assert not shown["had_job"].is_whole
    assert n_by(given.outcomes["had_job"], "arm", "block") == {("usual", ""): 804, ("coaching", ""): 410}
    assert not given.is_whole and not given.is_finest


def test_few_with_the_outcome_are_as_small_as_few_people():
    _, given = both("arm,block,n,total\nusual,a,400,4\nusual,b,300,90\nusual,c,500,99\ncoaching,a,410,150\n")
    assert n_by(given.outcomes["had_job"], "arm") == {("usual",): 1200, ("coaching",): 410}


def test_where_even_an_arm_is_small_nothing_is_given():
    assert both("arm,n,total\nusual,400,4\ncoaching,410,150\n")[1] is None


def test_a_period_with_few_people_leaves_the_arms():
    lines = ["arm,block,period,n,total,squares"]
    for arm in ("usual", "coaching"):
        lines += [f"{arm},{block},{period},60,30,30" for block in "ab" for period in (1, 2)]
    text = "\n".join([*lines, "usual,a,3,4,2,2", "usual,b,3,4,2,2", "coaching,a,3,60,30,30"])
    _, given = both(text, make_registration(outcome=EARNINGS))
    assert n_by(given.outcomes["earnings"], "arm", "period") == {("usual", ""): 248, ("coaching", ""): 300}


def test_the_second_version_beside_the_page_of_the_first_tells_no_hidden_cell():
    """Three people more in one block: their difference must not follow from the bundle and the older page."""
    lines = "usual,b,300,90\nusual,c,500,99\ncoaching,a,410,150\n"
    first, before = both(f"arm,block,n,total\nusual,a,400,120\n{lines}")
    assert before.is_whole
    earlier = {"had_job": [first["had_job"].tables]}
    shown, given = both(f"arm,block,n,total\nusual,a,403,121\n{lines}", earlier=earlier)
    hidden = [row[:2] for row in shown["had_job"].rows if None in row]
    assert ("usual", "a") in hidden
    if given is not None:
        told = n_by(given.outcomes["had_job"], "arm", "block")
        assert ("usual", "a") not in told
        assert told.get(("usual", ""), 1200) - 1200 not in range(1, LIMIT)


@pytest.mark.parametrize("more", [3, 40])
def test_a_change_of_a_whole_arm_by_few_people_is_given_in_no_sum(more):
    first, _ = both("arm,n,total\nusual,400,120\ncoaching,410,150\n")
    _, given = both(
        f"arm,n,total\nusual,{400 + more},{120 + more // 2}\ncoaching,410,150\n",
        earlier={"had_job": [first["had_job"].tables]},
    )
    assert (given is None) == (more == 3)


def test_few_lost_are_not_told_and_the_rest_is():
    _, given = both("arm,n,total,assigned\nusual,400,120,403\ncoaching,410,150,450\n")
    assert np.isnan(given.outcomes["had_job"].assigned).all()
    assert not given.is_whole and given.is_finest


def test_another_outcome_is_given_by_the_same_cells_or_not_at_all():
    plan = make_registration(secondary=(EARNINGS,))
    assert plan.outcome == JOBS
    text = "outcome,arm,n,total,squares\nhad_job,usual,400,120,\nhad_job,coaching,410,150,\n"
    few = "earnings,usual,4,900,300000\nearnings,coaching,410,900,300000\n"
    many = few.replace("usual,4", "usual,390")
    header = text.replace("outcome,", "outcome_key,")
    assert set(both(header + many, plan)[1].outcomes) == {"had_job", "earnings"}
    _, given = both(header + few, plan)
    assert set(given.outcomes) == {"had_job"} and not given.is_whole

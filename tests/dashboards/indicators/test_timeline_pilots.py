"""The one timeline shows what a pilot found beside its money and milestones, to who may see each."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.panel_table import write_csv
from dashboards.panels import engagement_timeline as panel
from engagements.home.queries.timeline import engagement_timeline
from engagements.milestones.actions.milestones import add_milestone
from engagements.models import LedgerEntry, Organisation
from engagements.permissions import Role
from engagements.pilots.actions.pilots import link_pilot
from engagements.pilots.queries.timeline import timeline_pilots
from tests.engagements.discussion.discussion import as_
from tests.engagements.pilots.worked_pilot import LOCKED, NOW, analyze, make_worked, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked():
    made = make_worked()
    city, adviser = made.desk.city, made.desk.adviser
    funder = Organisation.objects.create(slug="f", name="F", kind="funder", is_fictional=True)
    entry = LedgerEntry.objects.create(
        initiative=city.initiative,
        engagement=city,
        stage="committed",
        amount_usd=Decimal("1200.50"),
        price_year=2026,
        occurred_on=date(2027, 2, 1),
        funder=funder,
        entered_by=made.desk.staff,
        entered_at=NOW,
    )
    letters = add_milestone(
        engagement=city.pk, title="Letters sent", stage="field", due_on=date(2027, 3, 1), by=made.desk.lead, now=NOW
    )
    link_pilot(pk=made.pilot.pk, entry=entry.pk, by=adviser, now=NOW)
    link_pilot(pk=made.pilot.pk, milestone=letters.pk, by=adviser, now=NOW)
    return made


def built(worked, role=Role.CITY_STAFF):
    user, today = worked.desk.people[role], NOW.date()
    found = engagement_timeline(user, worked.desk.city.slug, today=today)
    pilots = timeline_pilots(user, found.engagement_id, sees_money=found.sees_money)
    return panel.build(found, today, pilots), pilots


def test_before_its_verdict_only_its_days_are_there(worked):
    shown, (pilot,) = built(worked)
    assert pilot.effect is None and not pilot.verdict and shown.finding == panel.NO_EFFECT
    assert [day.words for day in pilot.days] == ["registered", "first data", "$1,200.50, Committed"]
    assert pilot.days[0].on == LOCKED.date()


def test_its_effect_stands_at_the_end_of_the_measuring_with_no_effect_and_what_is_worth_having(worked):
    analyze(worked)
    result = publish(worked)
    shown, (pilot,) = built(worked)
    plan_ends = pilot.effect.closes
    assert (pilot.effect.value, pilot.effect.low, pilot.effect.high) == (result.effect, result.low, result.high)
    assert pilot.effect.words == "6 more in 100 (between 3 and 9 more)"
    assert shown.finding == panel.EFFECTS and pilot.verdict == "Worked"
    svg = panel_svg(shown, None)
    assert "no effect" in svg and "worth having" in svg and "Worked" in svg
    (row,) = [row for row in shown.table.rows if row[1] == "effect"]
    assert row[0] == plan_ends.isoformat() and row[3] == result.effect
    assert "pilot" in write_csv(shown)
    assert any("Letters sent" in words and f"pilot: {pilot.title}" in words for words in _said(shown))


def test_money_of_a_pilot_is_for_who_sees_money(worked):
    for role, sees in ((Role.CITY_STAFF, True), (Role.LOCAL_PARTNER, False)):
        shown, pilots = built(worked, role)
        assert ("1,200.50" in "".join(_said(shown))) is sees, role
        assert any(day.kind == "money" for one in pilots for day in one.days) is (sees and bool(pilots))


def test_the_page_names_each_pilot_and_leads_to_it(worked):
    analyze(worked)
    publish(worked)
    page = as_(worked.desk.staff).get(f"/engagements/{worked.desk.city.slug}/timeline/").content.decode()
    assert f'href="/pilots/{worked.pilot.pk}/"' in page and panel.EFFECTS in page and panel.NO_EFFECT not in page
    for kind in ("csv", "svg", "png"):
        answer = as_(worked.desk.staff).get(f"/engagements/{worked.desk.city.slug}/timeline.{kind}")
        assert answer.status_code == 200, kind


def test_a_draft_is_not_on_the_timeline(worked):
    assert timeline_pilots(worked.desk.people[Role.FUNDER], worked.desk.city.pk, sees_money=True) == ()


def _said(shown) -> list[str]:
    return [
        str(words)
        for trace in shown.figure.data
        for words in (trace.customdata if trace.customdata is not None else ())
    ]

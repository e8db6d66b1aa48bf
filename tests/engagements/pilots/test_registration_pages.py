"""The pages of a registration as people use them: write, see what the test can find, lock, amend, download."""

import hashlib
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.test import Client

from engagements.models import Engagement, LedgerEntry, Organisation, Pilot, User
from engagements.permissions import Role
from engagements.pilots.actions.pilots import save_draft
from engagements.pilots.forms.nesting import flatten, nest
from engagements.pilots.presenters import power_shown
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drafts import plain_draft
from engagements.pilots.rules.registration import Arm, Boundary, DesignKind, Estimator, Subgroup
from tests.engagements.pilots.drawn_pilot import make_drawn
from tests.engagements.pilots.made_registration import JOBS, make_registration
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.pilots import PilotDesk, deliver, list_units, lock, make_pilot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> PilotDesk:
    return make_pilot()


def as_(desk: PilotDesk, role: Role = Role.ADVISER) -> Client:
    client = Client()
    client.force_login(desk.people[role])
    return client


def typed(desk: PilotDesk, **changes) -> dict[str, str]:
    """The form as somebody filled it in."""
    desk.pilot.refresh_from_db()
    plan = make_registration(human_subjects={"document": desk.document.pk}, starts_on=date(2027, 1, 4), **changes)
    flat = flatten(plain_draft(plan))
    words = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in flat.items()
        if value not in (None, [], "")
    }
    return words | {"version": str(desk.pilot.version), "submission": "6b1f0f3c-0000-4000-8000-000000000000"}


def edit_at(desk: PilotDesk) -> str:
    return f"/pilots/{desk.pilot.pk}/registration/edit/"


def test_from_a_title_to_a_locked_plan(desk):
    client = as_(desk)
    answer = client.post(
        f"/engagements/{desk.city.slug}/pilots/new/",
        {"title": "Coaching by letter", "submission": "6b1f0f3c-0000-4000-8000-000000000001"},
    )
    desk.pilot = Pilot.objects.latest("pk")
    assert answer.headers["Location"] == edit_at(desk)
    assert client.get(edit_at(desk)).status_code == 200
    answer = client.post(edit_at(desk), typed(desk))
    assert answer.headers["Location"] == f"/pilots/{desk.pilot.pk}/registration/lock/"
    page = client.get(answer.headers["Location"])
    assert page.context["missing"] == [] and "4.4 in 100" in page.content.decode()
    desk.pilot.refresh_from_db()
    sent = {"version": desk.pilot.version, "understood": "on", "submission": "6b1f0f3c-0000-4000-8000-000000000002"}
    answer = client.post(f"/pilots/{desk.pilot.pk}/registration/lock/", sent)
    assert answer.headers["Location"] == f"/pilots/{desk.pilot.pk}/registration/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert desk.pilot.versions.get().sha256 in page and "Registered before data: yes" in page
    assert "Registration" in client.get(f"/pilots/{desk.pilot.pk}/").content.decode()


def test_what_is_missing_is_named_and_nothing_is_locked(desk):
    client = as_(desk)
    page = client.get(f"/pilots/{desk.pilot.pk}/registration/lock/")
    assert len(page.context["missing"]) > 15 and "understood" not in page.content.decode()
    sent = {"version": desk.pilot.version, "understood": "on", "submission": "6b1f0f3c-0000-4000-8000-000000000002"}
    assert client.post(f"/pilots/{desk.pilot.pk}/registration/lock/", sent).status_code == 422
    assert not desk.pilot.versions.exists()


def test_the_draft_saves_itself_and_says_when_somebody_else_did(desk):
    client, sent = as_(desk), typed(desk)
    answer = client.post(edit_at(desk), sent, headers={"accept": "application/json"})
    assert answer.json() == {"version": 2, "action": edit_at(desk)}
    stale = client.post(edit_at(desk), sent, headers={"accept": "application/json"})
    assert stale.status_code == 409
    wrong = client.post(
        edit_at(desk), typed(desk) | {"smallest_worthwhile": "four"}, headers={"accept": "application/json"}
    )
    assert wrong.status_code == 422 and "smallest_worthwhile" in wrong.json()["problems"]


def test_what_the_test_can_find_comes_while_one_types(desk):
    page = as_(desk).post(f"/pilots/{desk.pilot.pk}/registration/power/", typed(desk)).content.decode()
    assert "cannot detect less than 4.4 in 100" in page and "you said 4 would be worth it" in page
    assert '<th scope="row">2 in 100</th>' in page and "in percentage points. Dashed" in page
    assert "18,979" in page and "<svg" in page and "style=" not in page
    few = typed(desk) | {"assumptions__people": "x"}
    assert as_(desk).post(f"/pilots/{desk.pilot.pk}/registration/power/", few).status_code == 200


def test_who_is_counted_has_a_word_before_anybody_typed_one(desk):
    unnamed = typed(desk) | {"unit": "", "people": ""}
    page = as_(desk).post(f"/pilots/{desk.pilot.pk}/registration/power/", unnamed).content.decode()
    assert "With these 4,000 people this test" in page


def test_an_empty_form_has_a_sentence_too(desk):
    page = as_(desk).post(f"/pilots/{desk.pilot.pk}/registration/power/", {}).content.decode()
    assert "<p" in page


def test_what_is_missing_before_the_lock_leads_to_its_field(desk):
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft={})
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/registration/lock/").content.decode()
    form = as_(desk).get(f"/pilots/{desk.pilot.pk}/registration/edit/").content.decode()
    named = re.findall(rf'href="/pilots/{desk.pilot.pk}/registration/edit/#(id_[a-z0-9_]+)"', page)
    assert {"id_question", "id_arms__1__name", "id_human_subjects__body"} <= set(named)
    assert "Name the comparison group." in page and "Name group 2." in page
    assert [one for one in named if f'id="{one}"' not in form] == []


def test_a_form_brings_back_what_it_was_given():
    plan = make_registration(design=DesignKind.PAIRS, draw={"pair_by": ("age", "income")})
    draft = plain_draft(plan)
    assert nest(flatten(draft))["draw"]["pair_by"] == ["age", "income"]
    assert nest(flatten(draft))["arms"] == draft["arms"]


def full_draft(desk: PilotDesk) -> dict:
    """More rows of each kind than an empty form has, and what the form has no field for."""
    arms = tuple(Arm(f"arm{n}", f"Group {n}", f"Letter {n}", weight=n + 1) for n in range(5))
    others = tuple(replace(JOBS, key=f"outcome_{n}", name=f"Outcome {n}") for n in range(12))
    groups = tuple(Subgroup(f"column_{n}", ("a", "b"), "Why not") for n in range(6))
    shown = {"document": desk.document.pk}
    plan = make_registration(arms=arms, secondary=others, subgroups=groups, human_subjects=shown)
    return plain_draft(replace(plan, cities=(), assumptions=replace(plan.assumptions, power=90.0)))


def sent_back(page) -> dict[str, str]:
    """What a browser would send of this form."""
    form = page.context["form"]
    return {bound.name: value for bound in form if (value := bound.field.prepare_value(bound.value())) is not None}


def test_saving_keeps_every_row_of_the_plan(desk):
    """Through the page, as somebody who opens it and saves."""
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=full_draft(desk))
    client = as_(desk)
    sent = sent_back(client.get(edit_at(desk))) | {"question": "Another?"}
    assert client.post(edit_at(desk), sent).status_code == 302
    desk.pilot.refresh_from_db()
    assert desk.pilot.draft == full_draft(desk) | {"question": "Another?"}


def test_a_row_that_is_emptied_goes_and_one_more_may_be_asked_for(desk):
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=full_draft(desk))
    client = as_(desk)
    sent = sent_back(client.get(edit_at(desk)))
    page = client.post(edit_at(desk), sent | {"more": "secondary"})
    assert page.status_code == 200 and "secondary__12__name" in page.content.decode()
    sent = {name: "" if name.startswith(("secondary__3__", "arms__2__")) else value for name, value in sent.items()}
    sent |= {"secondary__12__name": "One more", "secondary__12__key": "one_more"}
    assert client.post(edit_at(desk), sent).status_code == 302
    desk.pilot.refresh_from_db()
    kept = [one["key"] for one in desk.pilot.draft["secondary"]]
    assert kept == [f"outcome_{n}" for n in range(12) if n != 3] + ["one_more"]
    assert [arm["key"] for arm in desk.pilot.draft["arms"]] == ["arm0", "arm1", "arm3", "arm4"]


def test_nobody_gets_a_form_without_end(desk):
    page = as_(desk).post(edit_at(desk), typed(desk) | {"secondary__999__name": "x", "more": "secondary"})
    assert page.status_code == 200 and "secondary__29__name" in page.content.decode()
    assert "secondary__30__name" not in page.content.decode()


def test_an_amendment_after_data_stands_in_red_words(desk):
    lock(desk)
    deliver(desk)
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/registration/"
    assert (
        client.post(f"{base}edit/", typed(desk, title=desk.pilot.title, ends_on=date(2028, 6, 30))).status_code == 302
    )
    assert "The verdict follows the version locked before them." in client.get(f"{base}lock/").content.decode()
    desk.pilot.refresh_from_db()
    sent = {"version": desk.pilot.version, "why": "Late.", "submission": "6b1f0f3c-0000-4000-8000-000000000003"}
    assert client.post(f"{base}lock/", sent).status_code == 302
    page = client.get(base).content.decode()
    assert "Amended after data came in. An earlier version gives the verdict." in page
    assert "No verdict before" in re.findall("Changed: ([^<]*)<", page)[0].split(", ") and "ends_on" not in page
    assert "the plan says 4 in 100 would be worth it" in page and "you said" not in page


@pytest.mark.parametrize("is_listed", [True, False])
def test_the_day_of_a_public_draw_that_is_past_keeps_nobody_from_amending_once_the_list_is_locked(desk, is_listed):
    """What cannot change any more is not asked for; before the lock of the list a later draw is."""
    past = {"seed_from": "Powerball", "seed_on": "2026-11-29", "seed_numbers": 6}
    lock(desk, draw=past)
    if is_listed:
        list_units(desk)
    base = f"/pilots/{desk.pilot.pk}/registration/"
    Pilot.objects.filter(pk=desk.pilot.pk).update(
        draft=plain_draft(registration_of(desk.pilot.versions.get().content)) | {"ends_on": "2028-06-30"}
    )
    page = as_(desk).get(f"{base}lock/").content.decode()
    assert ('name="why"' in page) == is_listed and ("Choose a later public draw" in page) != is_listed


def test_another_outcome_is_refused_with_its_reason(desk):
    lock(desk)
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/registration/"
    client.post(f"{base}edit/", typed(desk) | {"outcome__key": "earned_more"})
    desk.pilot.refresh_from_db()
    sent = {"version": desk.pilot.version, "why": "Luck.", "submission": "6b1f0f3c-0000-4000-8000-000000000003"}
    answer = client.post(f"{base}lock/", sent)
    assert answer.status_code == 422 and "another test" in answer.content.decode()
    assert desk.pilot.versions.count() == 1


def test_the_download_is_what_was_hashed(desk):
    made = lock(desk)
    base = f"/pilots/{desk.pilot.pk}/registration/1/"
    content = as_(desk, Role.EXPERT).get(f"{base}registration.json").content
    assert hashlib.sha256(content).hexdigest() == made.sha256
    table = as_(desk, Role.EXPERT).get(f"{base}aea.csv").content.decode()
    assert table.startswith("Title,Status") and made.sha256 in table
    assert Client().get(f"{base}registration.json").status_code == 404


@pytest.mark.parametrize("looks", [[1.0, 0.5], [0.0, 1.0], [0.5, 0.5], [0.001, 1.0], [0.5, 0.5000001, 1.0]])
def test_the_form_opens_with_looks_that_cannot_be_registered_and_keeps_no_more_of_them(desk, looks):
    """An action may keep any draft that has the right types: the page that mends it has to open."""
    client = as_(desk)
    plan = plain_draft(make_registration(boundary=Boundary.OBRIEN_FLEMING)) | {"looks": looks}
    save_draft(pk=desk.pilot.pk, draft=plan, expected_version=desk.pilot.version, by=desk.adviser, now=NOW)
    for at in (edit_at(desk), f"/pilots/{desk.pilot.pk}/registration/lock/"):
        page = client.get(at)
        assert page.status_code == 200 and "rising order" in page.content.decode()
    answer = client.post(edit_at(desk), typed(desk) | {"looks": ", ".join(map(str, looks))})
    assert answer.status_code == 422 and "rising order" in answer.content.decode()


def test_texts_of_people_stay_texts(desk):
    client = as_(desk)
    client.post(edit_at(desk), typed(desk) | {"question": "<script>alert(1)</script>"})
    for at in ("", "registration/edit/", "registration/lock/"):
        assert "<script>alert" not in client.get(f"/pilots/{desk.pilot.pk}/{at}").content.decode()


def test_a_stopped_pilot_is_not_written_any_more(desk):
    client = as_(desk, Role.LEAD)
    sent = {"version": 1, "kind": "harm", "why": "Harm.", "submission": "6b1f0f3c-0000-4000-8000-000000000004"}
    asked = client.get(f"/pilots/{desk.pilot.pk}/stop/").content.decode()
    assert (
        "This pilot has no locked plan, so nothing is published." in asked and "published like any other" not in asked
    )
    assert client.post(f"/pilots/{desk.pilot.pk}/stop/", sent).status_code == 302
    assert client.get(edit_at(desk)).status_code == 302
    page = client.get(f"/pilots/{desk.pilot.pk}/").content.decode()
    assert "Stopped on" in page and "stopped before its plan was locked. Nothing more is to be done." in page
    assert "No plan was locked." in page and "Write the registration" not in page


def test_the_list_has_the_pilots_at_home_and_those_taken_part_in(desk):
    lock(desk, at=NOW + timedelta(hours=1))
    page = as_(desk).get(f"/engagements/{desk.city.slug}/pilots/").content.decode()
    assert desk.pilot.title in page and "Test a program" in page
    assert "Test a program" not in as_(desk, Role.EXPERT).get(f"/engagements/{desk.city.slug}/pilots/").content.decode()


def test_a_published_plan_is_open_to_all_and_its_units_are_not(desk):
    lock(desk)
    at = f"/pilots/{desk.pilot.pk}/"
    assert Client().get(at).status_code == 404
    with pgtrigger.ignore("engagements.Pilot:state_has_its_rows"):
        Pilot.objects.filter(pk=desk.pilot.pk).update(state="published")
    for open_to_all in ("registration/", "registration/1/registration.json", "registration/1/aea.csv"):
        assert Client().get(f"{at}{open_to_all}").status_code == 200
    assert "Amend" not in Client().get(f"{at}registration/").content.decode()
    assert Client().get(f"{at}units/").status_code == 302
    assert as_(desk, Role.FUNDER).get(f"{at}units/").status_code == 404
    desk.city.is_fictional = True
    desk.city.save()
    at += "registration/"
    assert Client().get(at).status_code == 404 and as_(desk, Role.FUNDER).get(at).status_code == 200


def test_who_locked_a_version_is_told_the_team_by_name_and_nobody_by_email(desk):
    lock(desk)
    by, at = desk.adviser, f"/pilots/{desk.pilot.pk}/registration/"
    with pgtrigger.ignore("engagements.Pilot:state_has_its_rows"):
        Pilot.objects.filter(pk=desk.pilot.pk).update(state="published")
    for name in ("Ann Adviser", ""):
        User.objects.filter(pk=by.pk).update(name=name)
        team = as_(desk, Role.CITY_STAFF).get(at).content.decode()
        assert ("by Ann Adviser." in team) == bool(name) and by.email not in team
        for stranger in (Client(), as_(desk, Role.FUNDER)):
            page = stranger.get(at).content.decode()
            assert "Locked on" in page and "Ann Adviser" not in page and by.email not in page


def test_a_copy_says_what_it_was_copied_from_and_what_not(desk):
    lock(desk)
    client = as_(desk)
    at = f"/engagements/{desk.city.slug}/pilots/new/?from={desk.pilot.pk}"
    page = client.get(at).content.decode()
    assert f"/pilots/{desk.pilot.pk}/registration/" in page and "Not copied: cities, days" in page
    sent = {"title": "Ours", "submission": "6b1f0f3c-0000-4000-8000-000000000009"}
    answer = client.post(at, sent)
    made = Pilot.objects.latest("pk")
    assert made.copied_from == desk.pilot and made.draft["question"] and "human_subjects" not in made.draft
    assert "Not copied: cities, days" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("wanted", ["0", "999999", "draft"])
def test_a_plan_that_is_not_registered_is_not_there_to_copy(desk, wanted):
    pk = desk.pilot.pk if wanted == "draft" else wanted
    assert as_(desk).get(f"/engagements/{desk.city.slug}/pilots/new/?from={pk}").status_code == 404


def test_an_example_of_the_verdict_shows_a_wrong_direction(desk):
    """Before the lock, where it can still be mended: too few jobs would be the good answer here."""
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=full_draft(desk))
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/registration/lock/").content.decode()
    assert "about 8 more had a job after a year" in page
    less = typed(desk) | {"outcome__better": "less", "outcome__good": "had no debt"}
    page = as_(desk).post(f"/pilots/{desk.pilot.pk}/registration/power/", less).content.decode()
    assert "more had no debt after a year" in page


def committed(city: Engagement, by: User, **words: str) -> LedgerEntry:
    return LedgerEntry.objects.create(
        initiative=city.initiative,
        engagement=city,
        stage="committed",
        amount_usd=Decimal(5000),
        price_year=2026,
        occurred_on=date(2026, 3, 1),
        funder=Organisation.objects.get_or_create(slug="funder", name="A funder", kind="funder", source="a test")[0],
        entered_by=by,
        entered_at=NOW,
        **words,
    )


def test_money_is_linked_and_seen_by_whoever_may_see_it(desk):
    entry = committed(desk.city, desk.adviser, description="Letters")
    client, at = as_(desk), f"/pilots/{desk.pilot.pk}/links/"
    assert f'value="entry:{entry.pk}"' in client.get(at).content.decode()
    sent = {"thing": f"entry:{entry.pk}", "submission": "6b1f0f3c-0000-4000-8000-000000000007"}
    assert client.post(at, sent).status_code == 302
    page = client.get(f"/pilots/{desk.pilot.pk}/").content.decode()
    assert f'href="/money/{entry.pk}/"' in page and "Letters" in page
    assert f'value="entry:{entry.pk}"' not in client.get(at).content.decode()
    elsewhere = committed(EngagementFactory(), desk.adviser)
    assert client.post(at, sent | {"thing": f"entry:{elsewhere.pk}"}).status_code == 422
    assert desk.pilot.links.get().entry == entry
    assert client.get(f"/money/{entry.pk}/").status_code == 200


def test_after_the_draw_the_groups_as_drawn_count():
    plan = make_registration(
        design=DesignKind.CLUSTERS,
        estimator=Estimator.CLUSTERED,
        unit="school",
        draw={"cluster_by": "school"},
        assumptions={"clusters": 40, "icc": 0.05},
    )
    desk = make_drawn(plan, count=240, schools=12)
    base = f"/pilots/{desk.pilot.pk}/registration/"
    page = as_(desk).get(base).content.decode()
    assert "With these 12 schools (6 of them offered it) and 240 residents" in page and "as they were drawn" in page
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=plain_draft(plan))
    for at, answer in (
        ("edit/", as_(desk).get(f"{base}edit/")),
        ("power/", as_(desk).post(f"{base}power/", sent_back(as_(desk).get(f"{base}edit/")))),
    ):
        assert "With these 12 schools" in answer.content.decode(), at


def test_over_time_a_reader_is_sent_to_no_simulation():
    """Whoever writes the plan may simulate; whoever reads it may not."""
    plan = make_registration(design=DesignKind.SERIES, estimator=Estimator.SERIES)
    locked, draft = power_shown(plan, is_locked=True), power_shown(plan)
    assert (locked.sentence, locked.needed) == ("No formula gives this number for a design over time.", "")
    assert draft.needed == "A simulation, which takes seconds to minutes."

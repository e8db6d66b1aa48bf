"""Saying something: who may, at which levels, who reads it, who is told."""

import pytest

from engagements.discussion.actions.comments import add_comment
from engagements.models import Comment, Notification
from engagements.permissions import Role
from tests.engagements.discussion.discussion import SUBMISSION, as_, house, same_page
from tests.factories.engagements import NOW, UserFactory

pytestmark = pytest.mark.django_db
LEVELS = {
    Role.LEAD: ["team", "city", "all"],
    Role.ADVISER: ["team", "city", "all"],
    Role.EXPERT: ["team", "city"],
    Role.CITY_STAFF: ["team", "city"],
    Role.LOCAL_PARTNER: ["city"],
    Role.FUNDER: [],
}


def say(person, engagement, level="team", query="", **typed):
    words = {"body": "Said so.", "visibility": level, "submission": SUBMISSION} | typed
    return as_(person).post(f"/engagements/{engagement.slug}/comments/new/{query}", words)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_and_may_use_its_levels_only(role):
    here, there, people, _ = house()
    page = as_(people[role]).get(f"/engagements/{here.slug}/comments/new/")
    assert page.status_code == (200 if LEVELS[role] else 403)
    offered = [value for value, _ in page.context["form"].fields["visibility"].choices] if LEVELS[role] else []
    assert offered == LEVELS[role]
    for number, level in enumerate(("team", "city", "all")):
        submission = f"{SUBMISSION[:-1]}{number}"
        status = say(people[role], here, level, submission=submission).status_code
        assert status == (302 if level in offered else 422 if offered else 403), level
    assert list(Comment.objects.values_list("visibility", flat=True)) == offered
    elsewhere = 302 if role == Role.LEAD else 404 if role in (Role.EXPERT, Role.LOCAL_PARTNER) else 403
    assert say(people[role], there, submission=f"{SUBMISSION[:-1]}7").status_code == elsewhere


def test_a_double_click_says_it_once_and_what_was_typed_is_kept():
    here, _, people, _ = house()
    for _ in range(2):
        assert say(people[Role.ADVISER], here)["Location"] == f"/engagements/{here.slug}/#comments"
    assert Comment.objects.count() == 1
    again = say(people[Role.ADVISER], here, "team", body="  ", submission=f"{SUBMISSION[:-1]}9")
    assert again.status_code == 422 and "This field is required." in again.content.decode()
    kept = say(people[Role.ADVISER], here, "none", body="Kept words")
    assert kept.status_code == 422 and "Kept words" in kept.content.decode()


def test_who_is_called_or_ticked_is_told_when_they_may_read_it():
    here, _, people, others = house()
    people[Role.EXPERT].name, people[Role.CITY_STAFF].name = "Ann Smith", "Ann"
    for person in (people[Role.EXPERT], people[Role.CITY_STAFF]):
        person.save()
    words = f"@ann smith, look; @{people[Role.LEAD].email} too, and @{people[Role.FUNDER].email}, @nobody@example.org."
    say(people[Role.ADVISER], here, body=words, mentions=[people[Role.LOCAL_PARTNER].pk])
    told = Notification.objects.filter(kind="mention").values_list("user_id", flat=True)
    assert set(told) == {people[Role.EXPERT].pk, people[Role.LEAD].pk}
    forged = say(people[Role.ADVISER], here, mentions=[others[Role.EXPERT].pk], submission=f"{SUBMISSION[:-1]}1")
    assert forged.status_code == 422


def test_ones_own_is_changed_and_taken_away_and_stays_in_the_history():
    here, _, people, others = house()
    made = add_comment(engagement=here.pk, body="First", visibility="team", by=people[Role.CITY_STAFF], now=NOW)
    edit, take = f"/comments/{made.pk}/edit/", f"/comments/{made.pk}/archive/"
    own, lead = as_(people[Role.CITY_STAFF]), as_(people[Role.LEAD])
    assert [as_(people[role]).get(edit).status_code for role in (Role.ADVISER, Role.FUNDER)] == [403, 404]
    assert lead.get(edit).status_code == 403  # may take away, never change somebody's words
    assert same_page(as_(others[Role.EXPERT]).get(edit), as_(others[Role.EXPERT]).get("/comments/999999/edit/"))
    sent = {"body": "Second", "version": made.version, "submission": SUBMISSION}
    assert own.post(edit, sent).status_code == 302
    late = own.post(edit, sent | {"body": "Third"})
    assert late.status_code == 409 and all(word in late.content.decode() for word in ("First", "Second", "Third"))
    made.refresh_from_db()
    assert made.body == "Second"
    sent = {"why": "", "version": made.version, "submission": SUBMISSION}
    assert lead.post(take, sent).status_code == 422
    assert lead.post(take, sent | {"why": "Names a family"}).status_code == 302
    assert own.get(edit).status_code == 404
    assert Comment.objects.get(pk=made.pk).archived_by == people[Role.LEAD]


def test_it_goes_back_only_to_pages_of_this_portal():
    here, _, people, _ = house()
    for back, to in (("//evil.example/", f"/engagements/{here.slug}/"), ("/milestones/5/", "/milestones/5/")):
        answer = as_(people[Role.ADVISER]).post(
            f"/engagements/{here.slug}/comments/new/?back={back}",
            {"body": "x", "visibility": "team", "submission": SUBMISSION},
        )
        assert answer["Location"] == f"{to}#comments"


def test_nonsense_about_what_it_is_is_no_page():
    here, _, people, _ = house()
    for query in ("?milestone=x", "?milestone=999999", "?update=7&request=8"):
        assert say(people[Role.ADVISER], here, query=query).status_code == 404


def test_strangers_sign_in_first_and_people_without_role_find_nothing(client):
    here, *_ = house()
    url = f"/engagements/{here.slug}/comments/new/"
    assert client.get(url)["Location"].startswith("/accounts/login/?next=/engagements/")
    assert as_(UserFactory()).get(url).status_code == 404

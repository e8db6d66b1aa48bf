"""Mails: at once for mentions and assignments, one digest a period, never what somebody may not see, never twice."""

import re
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from engagements.discussion.actions.comments import add_comment, archive_comment
from engagements.discussion.actions.requests import create_request
from engagements.home import mail as digests
from engagements.home.mail import period_of, send_digests
from engagements.models import Digest, EngagementRole, Notification, User
from engagements.notifications import mail as notifications
from engagements.notifications.mail import send_outgoing
from engagements.people.actions.profile import make_unsubscribe_token
from engagements.people.actions.roles import give_role
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory, member

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # a Tuesday, 8 in the morning in New York
BEFORE = MORNING - timedelta(days=1)  # 8 on Monday: within the day that ended at 7 on Tuesday


@pytest.fixture(autouse=True)
def address(settings):
    settings.PORTAL_URL = "https://portal.example.org"


@pytest.fixture
def people():
    """Everybody in two cities, with daily digests, here since October."""
    here, there, mine, theirs = house()
    User.objects.update(digest="daily", joined_at=datetime(2026, 10, 1, tzinfo=UTC))
    return here, there, mine, theirs


def say(here, by, body, visibility="team", now=BEFORE):
    return add_comment(engagement=here.pk, body=body, visibility=visibility, by=by, now=now)


def to(person) -> list:
    return [letter for letter in mail.outbox if letter.to == [person.email]]


def every_word(letter) -> str:
    return letter.subject + letter.body + "".join(part for part, _ in letter.alternatives)


def test_a_mention_is_mailed_once_at_once_in_text_and_html(people):
    here, _, mine, _ = people
    made = say(here, mine[Role.CITY_STAFF], f"@{mine[Role.EXPERT].email} <b>look</b>")
    assert [send_outgoing(now=NOW), send_outgoing(now=NOW)] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == [mine[Role.EXPERT].email] and "mentioned you" in letter.subject
    assert f"https://portal.example.org/comments/{made.pk}/" in letter.body
    ((html, kind),) = letter.alternatives
    assert kind == "text/html" and "&lt;b&gt;look" in html and "<b>look" in letter.body
    follow = as_(mine[Role.EXPERT]).get(f"/comments/{made.pk}/")
    assert follow["Location"] == f"/engagements/{here.slug}/#comment-{made.pk}"
    assert not Notification.objects.filter(user=mine[Role.EXPERT], seen_at=None).exists()


def test_an_assignment_is_mailed_to_whom_it_was_given(people):
    here, _, mine, _ = people
    made = create_request(
        engagement=here.pk,
        question="Which\r\nBcc: x@evil.example tracts?",
        due_on=NOW.date() + timedelta(days=9),
        owner=mine[Role.EXPERT].pk,
        by=mine[Role.ADVISER],
        now=NOW,
    )
    send_outgoing(now=NOW)
    (letter,) = mail.outbox
    assert f"https://portal.example.org/requests/{made.pk}/" in letter.body
    assert "\n" not in letter.subject and letter.recipients() == [mine[Role.EXPERT].email]


def test_a_role_is_told_to_who_got_it_while_they_hold_it(people):
    here, _, mine, _ = people
    new, former = UserFactory(), UserFactory()
    for person in (new, former):
        give_role(by=mine[Role.LEAD], user=person.pk, role="expert", engagement=here.pk, now=NOW)
    EngagementRole.objects.filter(user=former).update(began_on=date(2026, 1, 1), ended_on=date(2026, 2, 1))
    assert send_outgoing(now=NOW) == 1
    assert to(new) and f"https://portal.example.org/engagements/{here.slug}/" in mail.outbox[0].body


def test_nothing_is_mailed_of_what_is_gone_or_no_longer_theirs(people):
    here, _, mine, _ = people
    gone = say(here, mine[Role.ADVISER], f"@{mine[Role.EXPERT].email} first")
    archive_comment(comment=gone.pk, expected_version=gone.version, by=mine[Role.ADVISER], now=NOW, why="Wrong")
    say(here, mine[Role.ADVISER], f"@{mine[Role.CITY_STAFF].email} second")
    EngagementRole.objects.filter(user=mine[Role.CITY_STAFF]).update(ended_on=date(2026, 2, 1))
    say(here, mine[Role.ADVISER], f"@{mine[Role.LEAD].email} third")
    User.objects.filter(pk=mine[Role.LEAD].pk).update(is_active=False)
    assert send_outgoing(now=NOW) == 0 and mail.outbox == []


def test_made_up_people_get_mail_only_on_the_embedded_servers(people, settings):
    here, _, mine, _ = people
    User.objects.filter(pk=mine[Role.EXPERT].pk).update(is_fictional=True)
    for embedded, number in ((False, 0), (True, 1)):
        settings.PORTAL_EMBEDDED = embedded
        say(here, mine[Role.ADVISER], f"@{mine[Role.EXPERT].email} look")
        assert send_outgoing(now=NOW) == number


def test_a_mail_server_that_refuses_is_asked_again_later(people, monkeypatch):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], f"@{mine[Role.EXPERT].email} look")

    def hang_up(self, messages):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", hang_up)
        assert send_outgoing(now=NOW) == 0
    assert send_outgoing(now=NOW) == 1


@pytest.mark.parametrize(
    "level, readers",
    [
        ("team", {Role.LEAD, Role.EXPERT, Role.CITY_STAFF}),
        ("city", {Role.LEAD, Role.EXPERT, Role.CITY_STAFF, Role.LOCAL_PARTNER}),
        ("all", set(Role) - {Role.ADVISER}),
    ],
)
def test_a_digest_tells_each_role_what_it_may_see_and_nobody_their_own_deeds(people, level, readers):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], "The secret word", level)
    send_digests(now=MORNING)
    told = {role for role, person in mine.items() if any("secret word" in every_word(one) for one in to(person))}
    assert told == readers
    assert all(len(to(person)) <= 1 for person in mine.values())


def test_what_was_changed_in_between_is_not_told(people):
    """Roles are looked at when the mail is written."""
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], f"@{mine[Role.EXPERT].email} The secret word")
    EngagementRole.objects.filter(user=mine[Role.EXPERT]).update(ended_on=date(2026, 2, 1))
    send_digests(now=MORNING)
    assert to(mine[Role.EXPERT]) == []


def test_a_digest_says_what_waits_what_is_overdue_and_what_others_did_with_links(people):
    here, _, mine, _ = people
    late = MilestoneFactory(engagement=here, owner=mine[Role.ADVISER], title="Sign <it>", due_on=NOW.date())
    MilestoneFactory(engagement=here, owner=mine[Role.ADVISER], title="Later", due_on=NOW.date() + timedelta(days=9))
    say(here, mine[Role.LEAD], "Well done")
    send_digests(now=MORNING)
    (letter,) = to(mine[Role.ADVISER])
    for words in (letter.body, letter.alternatives[0][0]):
        assert all(
            part in words for part in ("Later", "Well done", f"https://portal.example.org/milestones/{late.pk}/")
        )
    assert "OVERDUE\n- Sign <it>" in letter.body and "Sign &lt;it&gt;" in letter.alternatives[0][0]
    assert letter.subject == "[Mobility Portal] Your work today: 2 to do, 1 overdue, 1 change"


def test_nothing_to_say_no_mail_and_who_wants_none_gets_none(people):
    here, _, mine, _ = people
    assert send_digests(now=MORNING) == 0
    User.objects.update(digest="none")
    say(here, mine[Role.ADVISER], "Said", now=MORNING)
    assert send_digests(now=MORNING + timedelta(days=1)) == 0


def test_a_time_zone_that_is_none_any_more_keeps_nobody_from_a_digest(people):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], "Said")
    expected = send_digests(now=MORNING)
    Digest.objects.all().delete()
    User.objects.filter(pk=mine[Role.LEAD].pk).update(time_zone="America/Atlantis")
    assert send_digests(now=MORNING) == expected > 1
    client = Client()
    client.force_login(User.objects.get(pk=mine[Role.LEAD].pk))
    assert client.get("/requests/").status_code == 200


def test_run_again_or_killed_in_between_sends_no_second_mail(people, monkeypatch):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], "Said")
    seen = []

    def die(digest, content, now):
        seen.append(digest.pk)
        raise KeyboardInterrupt  # the worker is killed after the mail went and before the row says so

    with monkeypatch.context() as patched:
        patched.setattr(digests, "_finish", die)
        with pytest.raises(KeyboardInterrupt):
            send_digests(now=MORNING)
    assert len(mail.outbox) == len(seen) == 1
    for _ in range(3):
        send_digests(now=MORNING + timedelta(hours=1))
    addresses = [letter.to[0] for letter in mail.outbox]
    assert len(addresses) == len(set(addresses)) > 1


def test_a_claimed_mention_of_a_killed_worker_is_not_mailed_twice(people, monkeypatch):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], f"@{mine[Role.EXPERT].email} look")

    def die(row):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(notifications, "visible_notification", die)
        with pytest.raises(KeyboardInterrupt):
            send_outgoing(now=NOW)
    assert send_outgoing(now=NOW) == 0


def test_what_a_lost_digest_would_have_told_comes_with_the_next(people):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], "Said on Monday")
    begins, ends = period_of(User.objects.get(pk=mine[Role.LEAD].pk), MORNING)
    Digest.objects.create(user=mine[Role.LEAD], frequency="daily", period_start=begins, period_end=ends)
    send_digests(now=MORNING)
    assert to(mine[Role.LEAD]) == []
    send_digests(now=MORNING + timedelta(days=1))
    assert "Said on Monday" in to(mine[Role.LEAD])[0].body


@pytest.mark.parametrize(
    "zone, digest, now, begins, ends",
    [
        ("America/New_York", "daily", "2026-11-24T12:00", "2026-11-23T12:00", "2026-11-24T12:00"),
        ("America/New_York", "daily", "2026-11-24T11:59", "2026-11-22T12:00", "2026-11-23T12:00"),
        ("America/Los_Angeles", "daily", "2026-11-24T14:59", "2026-11-22T15:00", "2026-11-23T15:00"),
        ("America/New_York", "weekly", "2026-11-24T12:00", "2026-11-16T12:00", "2026-11-23T12:00"),
        ("Europe/Berlin", "weekly", "2026-11-23T05:59", "2026-11-09T06:00", "2026-11-16T06:00"),
        # The clocks went back on 1 November: that day has 25 hours.
        ("America/New_York", "daily", "2026-11-01T12:00", "2026-10-31T11:00", "2026-11-01T12:00"),
    ],
)
def test_periods_end_at_seven_in_the_morning_where_they_live(zone, digest, now, begins, ends):
    person = UserFactory.build(time_zone=zone, digest=digest)
    utc = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, begins, ends)]
    assert period_of(person, utc[0]) == (utc[1], utc[2])
    assert period_of(person, utc[0])[1].astimezone(ZoneInfo(zone)).hour == 7


def test_one_press_ends_the_digests_without_sign_in(people, client):
    here, _, mine, _ = people
    say(here, mine[Role.ADVISER], "Said")
    send_digests(now=MORNING)
    (letter,) = to(mine[Role.FUNDER]) or to(mine[Role.LEAD])
    reader = User.objects.get(email=letter.to[0])
    headers = letter.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://portal\.example\.org(/unsubscribe/.+/)>", headers["List-Unsubscribe"])[1]
    assert link in letter.body and link in letter.alternatives[0][0]
    assert client.get(link).status_code == 200
    reader.refresh_from_db()
    assert reader.digest == "daily"  # looking is not pressing
    page = client.post(link, {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200 and "You will get no more digests" in page.content.decode()
    reader.refresh_from_db()
    assert reader.digest == "none"
    assert client.post(link).status_code == 200  # twice is once


def test_a_forged_link_ends_nothing(client):
    reader = member(Role.ADVISER, house()[0])
    token = make_unsubscribe_token(reader)
    for forged in (token[:-2] + "xx", "x", "a:b:c"):
        assert client.post(f"/unsubscribe/{forged}/").status_code == 404
    assert client.get(f"/unsubscribe/{token}/").status_code == 200

"""An update by a signed link: opening uses nothing up, one submission does, and nothing else opens."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from engagements.discussion.actions.updates import start_update
from engagements.models import EngagementRole, Participation, QuarterlyUpdate, UpdateLink, UpdateLinkUse, User
from engagements.people.actions.roles import end_role
from engagements.permissions import Role
from engagements.quarterly.actions.links import make_update_link
from engagements.quarterly.mail import send_update_reminders
from tests.factories.counts import forget_counts
from tests.factories.engagements import EngagementFactory, everybody
from tests.factories.reviews import decided

pytestmark = pytest.mark.django_db
WORDS = {
    "what_we_did": "We met twice.",
    "what_we_learned": "Ask first.",
    "what_we_changed": "The first line.",
    "what_we_need": "A decision.",
}


@pytest.fixture(autouse=True)
def no_counts_of_before():
    forget_counts()


@pytest.fixture
def here():
    made = EngagementFactory()
    Participation.objects.create(engagement=made, status="active", began_on=date(2026, 1, 1), source="a test")
    return made


@pytest.fixture
def people(here):
    return everybody(here)


@pytest.fixture
def sent(here, people):
    """(row, address) of a link for the adviser."""
    row, secret = make_update_link(engagement=here, year=2026, quarter=4, user=people[Role.ADVISER], now=timezone.now())
    return row, f"/updates/by-link/{secret}/"


def version_on(page):
    return BeautifulSoup(page.content, "html.parser").select_one("[name=version]").get("value", "")


def write(client, address, act, **changed):
    return client.post(address, WORDS | {"version": version_on(client.get(address)), "act": act} | changed)


def uses(row):
    return list(row.uses.order_by("pk").values_list("what", "why"))


def test_opening_uses_nothing_up_and_the_first_submission_does(sent, people):
    row, address = sent
    client = Client()
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert not QuarterlyUpdate.objects.exists()  # programs that look at mails begin nothing
    assert write(client, address, "save").status_code == 302
    update = QuarterlyUpdate.objects.get()
    assert (update.written_by, update.status, update.what_we_did) == (people[Role.ADVISER], "draft", "We met twice.")
    assert write(client, address, "submit", what_we_did="We met three times.").status_code == 200
    update.refresh_from_db()
    assert (update.status, update.what_we_did) == ("in_review", "We met three times.")
    row.refresh_from_db()
    assert row.used_at is not None
    again = client.get(address)
    assert again.status_code == 410 and client.post(address, WORDS | {"act": "submit"}).status_code == 410
    assert [what for what, _ in uses(row)] == ["opened"] * 4 + ["saved", "opened", "submitted", "refused", "refused"]
    assert uses(row)[-1] == ("refused", "used")


def test_the_secret_is_kept_as_a_hash_and_in_no_cache_address_or_log(sent, caplog):
    row, address = sent
    secret = address.split("/")[-2]
    answer = Client().get(address)
    assert secret not in row.sha256 and len(row.sha256) == 64
    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    page = BeautifulSoup(answer.content, "html.parser")
    assert {a["href"] for a in page.select("a[href]") if secret in a["href"]} == set()
    for use in UpdateLinkUse.objects.all():
        assert "127.0.0.1" not in use.address_hash


def test_the_form_is_taken_from_our_own_page_only(sent):
    _, address = sent
    client = Client(enforce_csrf_checks=True)
    client.get(address)
    assert client.post(address, WORDS | {"act": "save"}).status_code == 403
    token = client.cookies["csrftoken"].value
    taken = client.post(address, WORDS | {"act": "save", "csrfmiddlewaretoken": token})
    assert taken.status_code == 302


def closed(sent, client=None, why=""):
    row, address = sent
    client = client or Client()
    answer, posted = client.get(address), client.post(address, WORDS | {"act": "submit"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == posted.status_code
    assert len(page.select_one("main .lede").get_text(strip=True)) > 20
    assert answer["Cache-Control"] == "private, no-store"
    assert uses(row)[-1] == ("refused", why)
    assert not QuarterlyUpdate.objects.filter(status="in_review").exists()
    return answer.status_code


def test_after_seven_days_it_is_expired(sent):
    then = timezone.now() - timedelta(days=8)
    row, _ = sent
    UpdateLink.objects.filter(pk=row.pk).update(created_at=then, expires_at=then + timedelta(days=7))
    assert closed(sent, why="expired") == 410


def test_withdrawn_by_a_lead_or_by_whom_it_was_sent_to_it_opens_nothing(sent, people, here):
    row, _ = sent
    for role, status in ((Role.EXPERT, 404), (Role.FUNDER, 404), (Role.LEAD, 302)):
        client = Client()
        client.force_login(people[role])
        assert client.post(f"/update-links/{row.pk}/end/").status_code == status
    assert closed(sent, why="revoked") == 410
    client.force_login(people[Role.ADVISER])
    page = BeautifulSoup(client.get(f"/engagements/{here.slug}/updates/sent-links/").content, "html.parser")
    assert len(page.select("tbody tr")) == 1 and not page.select("tbody form")


def test_forwarded_to_somebody_who_is_signed_in_it_does_not_open(sent, people):
    client = Client()
    client.force_login(people[Role.CITY_STAFF])
    assert closed(sent, client, why="forwarded") == 403
    client.force_login(people[Role.ADVISER])
    assert client.get(sent[1]).status_code == 200


def test_with_the_role_it_ends(sent, people):
    role = EngagementRole.objects.get(user=people[Role.ADVISER])
    end_role(role=role.pk, by=people[Role.LEAD], now=timezone.now())
    assert closed(sent, why="role ended") == 410


def test_who_is_switched_off_writes_nothing(sent, people):
    User.objects.filter(pk=people[Role.ADVISER].pk).update(is_active=False)
    assert closed(sent, why="role ended") == 410


def test_the_setting_closes_links_that_were_sent_and_makes_none(sent, people, here, settings):
    settings.UPDATE_LINKS = False
    assert closed(sent, why="off") == 410
    about = {"engagement": here, "year": 2026, "quarter": 4, "now": timezone.now()}
    assert make_update_link(**about, user=people[Role.ADVISER]) is None


def test_a_link_goes_around_no_second_factor(sent, people, here, settings):
    settings.REQUIRE_MFA = frozenset({"adviser"})
    assert closed(sent, why="off") == 410
    about = {"engagement": here, "year": 2026, "quarter": 4, "now": timezone.now()}
    assert make_update_link(**about, user=people[Role.ADVISER]) is None
    assert make_update_link(**about, user=people[Role.CITY_STAFF]) is not None
    assert make_update_link(**about, user=people[Role.EXPERT]) is None  # writes no updates


def test_what_was_sent_in_meanwhile_is_not_written_over(sent, people, here):
    made = start_update(engagement=here.pk, year=2026, quarter=4, by=people[Role.LEAD], now=timezone.now())
    decided("update", [made], people[Role.LEAD], "approved", timezone.now())
    QuarterlyUpdate.objects.filter(pk=made.pk).update(
        status="approved", approved_by=people[Role.LEAD], approved_at=timezone.now()
    )
    assert closed(sent, why="sent in") == 410


def test_a_draft_that_a_colleague_began_meanwhile_is_shown_beside_ones_own(sent, people, here):
    _, address = sent
    client = Client()
    seen = version_on(client.get(address))
    texts = {"what_we_did": "A colleague's words."}
    start_update(engagement=here.pk, year=2026, quarter=4, texts=texts, by=people[Role.CITY_STAFF], now=timezone.now())
    answer = client.post(address, WORDS | {"version": seen, "act": "submit"})
    assert answer.status_code == 409 and "A colleague" in answer.content.decode()
    assert QuarterlyUpdate.objects.get().what_we_did == "A colleague's words."
    assert answer["Cache-Control"] == "private, no-store"


def test_an_unknown_link_says_nothing(sent):
    assert Client().get("/updates/by-link/nobody-made-this/").status_code == 404


def test_openings_are_limited_by_address(sent):
    client = Client()
    answers = [client.get("/updates/by-link/guess/").status_code for _ in range(31)]
    assert answers[0] == 404 and answers[-1] == 429


def test_the_database_keeps_a_week_one_use_and_the_log(sent):
    row, _ = sent
    now = timezone.now()
    with pytest.raises(IntegrityError, match="update_link_ends_within_a_week"), transaction.atomic():
        UpdateLink.objects.filter(pk=row.pk).update(expires_at=now + timedelta(days=9))
    Client().get(sent[1])
    with pytest.raises(InternalError, match="append_only|Cannot"), transaction.atomic():
        UpdateLinkUse.objects.update(agent="")
    UpdateLink.objects.filter(pk=row.pk).update(used_at=now)
    with pytest.raises(InternalError, match="used_once|Cannot"), transaction.atomic():
        UpdateLink.objects.filter(pk=row.pk).update(used_at=None)


MORNING = datetime(2026, 12, 20, 15, 0, tzinfo=UTC)  # ten in the morning in New York, eleven days before it is due


def test_a_reminder_goes_once_to_who_is_responsible_with_a_link_that_works(here, people, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    QuarterlyUpdate.objects.create(
        engagement=here, year=2026, quarter=3, status="in_review", written_by=people[Role.LEAD]
    )
    assert send_update_reminders(now=MORNING) == 1
    assert send_update_reminders(now=MORNING + timedelta(hours=1)) == 0
    (letter,) = mail.outbox
    assert letter.to == [people[Role.ADVISER].email] and "Q4 2026" in letter.subject
    link = re.search(r"https://portal\.example\.org(/updates/by-link/[^/]+/)", letter.body)
    row = UpdateLink.objects.get()
    assert link and link[1] in letter.alternatives[0][0] and row.expires_at == MORNING + timedelta(days=7)
    assert f"/engagements/{here.slug}/updates/new/?quarter=20264" in letter.body
    assert send_update_reminders(now=datetime(2027, 1, 4, 15, 0, tzinfo=UTC)) == 1  # late: once more
    assert send_update_reminders(now=datetime(2027, 1, 20, 15, 0, tzinfo=UTC)) == 0


def test_nobody_is_woken_and_nothing_written_is_reminded_of(here, people, settings):
    for quarter in (3, 4):
        QuarterlyUpdate.objects.create(
            engagement=here, year=2026, quarter=quarter, status="in_review", written_by=people[Role.LEAD]
        )
    assert send_update_reminders(now=MORNING) == 0
    QuarterlyUpdate.objects.filter(quarter=4).update(status="draft")  # begun and not sent in
    assert send_update_reminders(now=MORNING.replace(hour=8)) == 0  # three at night in New York
    settings.UPDATE_LINKS = False
    assert send_update_reminders(now=MORNING) == 1
    assert "by-link" not in mail.outbox[0].body and "updates/new/" in mail.outbox[0].body

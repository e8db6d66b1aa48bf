"""The mail on a quarter that ended: worked numbers, whose morning it is, at most once, nothing of others."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pghistory
import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.models import EngagementRole, LedgerEntry, PortfolioDigest, PublishedUpdate, QuarterlyUpdate, User
from engagements.people.actions.profile import make_unsubscribe_token
from engagements.permissions import Role
from engagements.portfolio.mail import digests as portfolio_digests
from engagements.portfolio.mail.digests import morning_after, quarter_before, send_portfolio_digests
from engagements.portfolio.queries.quarter import portfolio_quarter
from tests.factories.engagements import UserFactory, give
from tests.factories.portfolio import World

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 10, 1, 11, 0, tzinfo=UTC)  # seven in New York
BEFORE, WITHIN = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def house(settings):
    settings.PORTAL_URL, settings.DEMO_ACCOUNTS = "https://portal.example.org", False


@contextmanager
def untriggered():
    """What was written down can be given another moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def dated(when: datetime) -> None:
    """Whatever was just written was written at that moment."""
    with untriggered() as cursor:
        for model in pghistory.models.Event.__subclasses__():
            if model._meta.managed and model._meta.app_label == "engagements":
                just_now = f"UPDATE {model._meta.db_table} SET pgh_created_at = %s WHERE pgh_created_at > %s"
                cursor.execute(just_now, (when, datetime(2026, 11, 1, tzinfo=UTC)))


def began(cities: int = 2) -> World:
    """An initiative that was there before the quarter, with readers in New York."""
    world = World(cities)
    User.objects.update(joined_at=BEFORE, time_zone="America/New_York")
    dated(BEFORE)
    return world


def published(world: World, when: datetime, **more) -> QuarterlyUpdate:
    kept = world.update(**more)
    with untriggered():
        PublishedUpdate.objects.filter(update=kept).update(published_at=when)
    dated(when)
    return kept


def to(person) -> list:
    return [letter for letter in mail.outbox if letter.to == [person.email]]


def both(letter) -> tuple[str, str]:
    return letter.body, letter.alternatives[0][0]


def test_a_quarter_in_worked_numbers_in_text_and_html():
    world = began()
    world.status("active", on=date(2026, 1, 1))
    dated(BEFORE)
    world.entry("committed", 1_000_000, on=date(2026, 3, 1), entered_at=BEFORE)
    world.entry("committed", 200_000, on=date(2026, 8, 1), entered_at=WITHIN)
    world.entry("spent", 250_000, on=date(2026, 8, 1), entered_at=WITHIN)
    world.entry("spent", 888_888, on=date(2026, 9, 1), entered_at=MORNING)  # not known when the quarter ended
    world.milestone(due=(date(2026, 8, 20) - world.today).days, title="Agree")
    world.risk()
    dated(WITHIN)
    update = published(world, WITHIN, quarter=2, said="Secret of the page")
    assert send_portfolio_digests(now=MORNING) == 2  # the lead and the funder
    (letter,) = to(world.funder)
    name, slug, city = world.initiative.name, world.initiative.slug, world.engagements[0].city.name
    assert letter.subject == f"[Mobility Portal] {name}: Q3 2026, milestones overdue in 1 city"
    for words in both(letter):
        told = (
            "As of the end of Sep 30, 2026 (UTC)",
            "$1,200,000",
            "$1,000,000 at the end of Jun 30, 2026",
            "$250,000",
            "1 of 2 cities active",
            "none recorded",
            f"{city}: 1 milestone overdue",
            "0 milestones",
            "1 open risk",
            f"{city}: update on Q2 2026, published Aug 1, 2026",
            f"https://portal.example.org/updates/{update.pk}/",
            f"https://portal.example.org/portfolio/{slug}/?as_of=2026-09-30",
            "so there is no sampling error",
            f"/portfolio/{slug}/?as_of=2026-09-30#",
        )
        assert [part for part in told if part not in words] == []
        assert re.findall(r"\$[\d,.]*888", words) == [] and "INVENTED" not in words.upper()
    assert letter.body.count("Uncertainty: ") == 4  # of the people reached nothing is recorded
    page = Client()
    page.force_login(world.funder)
    assert page.get(f"/portfolio/{slug}/?as_of=2026-09-30").status_code == 200


@pytest.mark.parametrize(
    "zone, first",
    [
        ("America/New_York", "2026-10-01T11:00"),
        ("America/Los_Angeles", "2026-10-01T14:00"),
        ("Pacific/Honolulu", "2026-10-01T17:00"),
        ("Europe/Berlin", "2026-10-01T05:00"),
        # Their 1 October begins before the quarter has ended in UTC, which is what the page goes by.
        ("Pacific/Auckland", "2026-10-01T18:00"),
    ],
)
def test_it_is_sent_from_the_first_morning_where_they_live(zone, first):
    first = datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert morning_after("2026Q3", UserFactory.build(time_zone=zone)) == first
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    User.objects.update(time_zone=zone)
    User.objects.exclude(pk=world.funder.pk).update(portfolio_digest=False)
    times = (first - timedelta(minutes=1), first, first + timedelta(days=10))
    assert [send_portfolio_digests(now=now) for now in times] == [0, 1, 0]


def test_days_after_it_is_too_late_and_the_page_is_there():
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    for days in (10, 13, 80):
        assert send_portfolio_digests(now=MORNING + timedelta(days=days)) == 0
    assert not PortfolioDigest.objects.exists()


@pytest.mark.parametrize("now, quarter", [("2026-10-01", "2026Q3"), ("2026-12-31", "2026Q3"), ("2027-01-01", "2026Q4")])
def test_the_quarter_that_ended_last(now, quarter):
    assert quarter_before(datetime.fromisoformat(now).replace(tzinfo=UTC)) == quarter


def test_a_quarter_in_which_nothing_happened_is_no_mail_and_neither_is_one_before_the_records():
    world = began()
    world.entry("committed", 5, entered_at=BEFORE)
    World()  # written down today: nothing is known of it as of then
    User.objects.update(joined_at=BEFORE)
    assert send_portfolio_digests(now=MORNING) == 0 and mail.outbox == []
    assert PortfolioDigest.objects.filter(initiative=world.initiative).count() == 2  # dealt with: not computed again
    with CaptureQueriesContext(connection) as seen:
        assert send_portfolio_digests(now=MORNING) == 0
    assert len(seen) == 2


def test_the_first_quarter_of_an_initiative_has_nothing_to_be_set_beside():
    world = World(1)
    User.objects.update(joined_at=BEFORE, time_zone="America/New_York")
    world.entry("committed", 5, entered_at=WITHIN)
    dated(WITHIN)
    assert send_portfolio_digests(now=MORNING) == 2
    for text in both(to(world.funder)[0]):
        assert "$5" in text and "Jun 30, 2026" not in text and "When the quarter began" not in text
        assert "Nothing was recorded yet when the quarter began." in text


def test_run_again_or_killed_before_it_went_sends_no_second_mail(monkeypatch):
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)

    def die(reader, content):
        raise KeyboardInterrupt  # the worker is killed after it claimed the row

    with monkeypatch.context() as patched:
        patched.setattr(portfolio_digests, "_letter", die)
        with pytest.raises(KeyboardInterrupt):
            send_portfolio_digests(now=MORNING)
    assert PortfolioDigest.objects.count() == 1 and mail.outbox == []
    assert [send_portfolio_digests(now=MORNING) for _ in range(3)] == [1, 0, 0]
    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 1


def test_another_worker_that_claimed_it_meanwhile_has_sent_it(monkeypatch):
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    real = portfolio_digests._content

    def meanwhile(user, initiative, quarter, now, known):
        PortfolioDigest.objects.create(user=user, initiative=initiative, year=2026, quarter=3, sent_at=now)
        return real(user, initiative, quarter, now, known)

    monkeypatch.setattr(portfolio_digests, "_content", meanwhile)
    assert send_portfolio_digests(now=MORNING) == 0 and mail.outbox == []


def test_a_mail_server_that_refuses_is_asked_again_later(monkeypatch):
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)

    def hang_up(self, messages):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", hang_up)
        assert send_portfolio_digests(now=MORNING) == 0
    assert not PortfolioDigest.objects.exists()
    assert send_portfolio_digests(now=MORNING + timedelta(hours=1)) == 2


def test_who_lost_the_role_or_switched_it_off_meanwhile_gets_nothing(monkeypatch):
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    real = portfolio_digests._content

    def meanwhile(*asked):
        found = real(*asked)
        EngagementRole.objects.filter(user=world.funder).update(ended_on=date(2026, 9, 1))
        User.objects.filter(pk=world.lead.pk).update(portfolio_digest=False)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(portfolio_digests, "_content", meanwhile)
        assert send_portfolio_digests(now=MORNING) == 0
    assert not PortfolioDigest.objects.exists() and mail.outbox == []


def test_it_goes_to_readers_of_whole_initiatives_once_whatever_else_they_are():
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    give(world.funder, Role.LEAD, world.engagements[0])
    outside = [world.person(role) for role in set(Role) - {Role.LEAD, Role.FUNDER}]
    new, gone, off = (world.person(Role.FUNDER) for _ in range(3))
    User.objects.exclude(pk=new.pk).update(joined_at=BEFORE, time_zone="America/New_York")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=off.pk).update(portfolio_digest=False)
    assert send_portfolio_digests(now=MORNING) == 2
    assert {letter.to[0] for letter in mail.outbox} == {world.lead.email, world.funder.email}
    assert not any(to(person) for person in (*outside, new, gone, off))


def test_nothing_of_another_initiative_is_in_it():
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    other = World(1, name="Elsewhere")
    User.objects.update(joined_at=BEFORE, time_zone="America/New_York")
    other.entry("committed", 77_777, entered_at=WITHIN)
    other.milestone(due=-90)
    dated(WITHIN)
    published(other, WITHIN)
    assert send_portfolio_digests(now=MORNING) == 4
    (mine,), (theirs,) = to(world.funder), to(other.funder)
    hidden = ("Elsewhere", "77,777", other.engagements[0].city.name, other.initiative.slug)
    assert not [words for words in hidden for text in (mine.subject, *both(mine)) if words in text]
    assert all(words in theirs.body for words in hidden)


def test_invented_work_is_apart_and_only_for_whom_it_is_shown(settings):
    settings.PORTAL_EMBEDDED = True
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    world.entry("committed", 4_444, entered_at=WITHIN, is_fictional=True)
    User.objects.filter(pk=world.funder.pk).update(is_fictional=True)
    assert send_portfolio_digests(now=MORNING) == 2
    (plain,), (shown,) = to(world.lead), to(world.funder)
    assert not any("4,444" in text or "made up" in text.lower() for text in both(plain))
    for text in both(shown):
        recorded, invented = re.split("demo data \\(made up, counted apart\\)", text, flags=re.I)
        assert "$5" in recorded and "4,444" not in recorded and "$4,444" in invented


def test_only_invented_news_is_no_mail_for_whom_it_is_not_shown_and_made_up_people_need_private_servers(settings):
    settings.PORTAL_EMBEDDED = False
    world = began()
    world.entry("committed", 4_444, entered_at=WITHIN, is_fictional=True)
    User.objects.filter(pk=world.funder.pk).update(is_fictional=True)
    assert send_portfolio_digests(now=MORNING) == 0
    settings.PORTAL_EMBEDDED = True
    assert send_portfolio_digests(now=MORNING) == 1 and to(world.funder)


def test_one_press_ends_these_mails_and_no_others(client):
    world = began()
    world.entry("committed", 5, entered_at=WITHIN)
    send_portfolio_digests(now=MORNING)
    (letter,) = to(world.funder)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://portal\.example\.org(/unsubscribe/.+/)>", letter.extra_headers["List-Unsubscribe"])[
        1
    ]
    assert all(link in text for text in both(letter))
    assert "Unsubscribe from portfolio emails?" in client.get(link).content.decode()
    world.funder.refresh_from_db()
    assert world.funder.portfolio_digest  # looking is not pressing
    for _ in range(2):
        assert "You will get no more portfolio emails" in client.post(link).content.decode()
    world.funder.refresh_from_db()
    assert (world.funder.portfolio_digest, world.funder.digest) == (False, "weekly")
    client.post(f"/unsubscribe/{make_unsubscribe_token(world.lead)}/")
    world.lead.refresh_from_db()
    assert (world.lead.portfolio_digest, world.lead.digest) == (True, "none")


def test_the_switch_is_on_ones_own_page_for_readers_of_portfolios():
    world = began()
    sent = {"name": "Ann", "time_zone": "America/Chicago", "digest": "weekly", "portfolio_digest": "no"}
    for person, is_asked in ((world.funder, True), (world.person(Role.CITY_STAFF), False)):
        client = Client()
        client.force_login(person)
        assert ("Mail on your portfolios" in client.get("/me/").content.decode()) is is_asked
        assert client.post("/me/", sent | {"portfolio_digest": "maybe"}).status_code == (422 if is_asked else 302)
        assert client.post("/me/", sent).status_code == 302
        person.refresh_from_db()
        assert person.portfolio_digest is not is_asked


def statements(world: World) -> tuple[int, int]:
    """Of the figures, and of all mails."""
    PortfolioDigest.objects.all().delete()
    with CaptureQueriesContext(connection) as figures:
        portfolio_quarter(world.funder, world.initiative.slug, "2026Q3", now=MORNING)
    with CaptureQueriesContext(connection) as all_of_it:
        send_portfolio_digests(now=MORNING)
    return len(figures), len(all_of_it)


def test_figures_are_computed_once_and_each_reader_costs_the_same():
    world = began(20)
    world.entry("committed", 5_000, entered_at=WITHIN)
    statements(world)  # what the cities' own numbers remember is not counted
    few, total = statements(world)
    each = total - few - 2  # who, and who has it already
    for n in range(20):
        world.entry("committed", n + 1, at=n, entered_at=WITHIN)
        world.milestone(at=n, due=-90)
    dated(WITHIN)
    for n in range(20):
        published(world, WITHIN, at=n)
    for _ in range(18):
        world.person(Role.FUNDER)
    User.objects.update(joined_at=BEFORE, time_zone="America/New_York")
    many, total = statements(world)
    assert many == few <= 50
    assert total == many + 2 + 10 * each  # 20 readers after 2
    assert LedgerEntry.objects.count() == 21

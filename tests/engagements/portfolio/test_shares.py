"""Links that let somebody read without an account: what they open, when they close, and what they never tell."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.models import EngagementRole, ShareLink, ShareLinkUse
from engagements.permissions import Role
from engagements.portfolio.actions.sharing import ShareClosed, make_share_link, open_share_link, revoke_share_link
from tests.factories.portfolio import World

pytestmark = pytest.mark.django_db
NAME = "Homes and Work"


@pytest.fixture
def world():
    made = World(name=NAME)
    made.entry("committed", 500_000, at=None)
    made.entry("spent", 12_500, payee="Jane Doe")
    made.risk(title="Internal worry", visibility="team")
    return made


def make(world, **more):
    now = timezone.now()
    asked = {"label": "The council", "expires_at": now + timedelta(days=30), "by": world.funder} | more
    return make_share_link(initiative=world.initiative.slug, now=now, **asked)


def test_a_stranger_reads_it_as_funders_see_it_and_is_led_nowhere_else(world, client):
    _, secret = make(world)
    answer = client.get(f"/shared/{secret}/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "$12,500 spent" in page and NAME in page
    for hidden in (
        "Jane Doe",
        "Internal worry",
        "/portfolio/",
        "/engagements/",
        "/milestones/",
        "/updates/",
        "Sign out",
    ):
        assert hidden not in page, hidden
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_only_the_hash_of_the_secret_is_kept(world):
    row, secret = make(world)
    kept = " ".join(str(value) for value in ShareLink.objects.values_list().get(pk=row.pk))
    assert secret not in kept and len(secret) >= 40


def test_an_altered_link_is_404_and_a_closed_one_410_and_neither_says_of_what(world, client):
    row, secret = make(world)
    altered = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert client.get(f"/shared/{altered}/").status_code == 404
    ShareLink.objects.filter(pk=row.pk).update(
        created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1)
    )
    expired = client.get(f"/shared/{secret}/")
    assert expired.status_code == 410
    _, second = make(world)
    revoke_share_link(link=ShareLink.objects.latest("pk").pk, by=world.lead, now=timezone.now())
    revoked = client.get(f"/shared/{second}/")
    assert (revoked.status_code, revoked.content) == (410, expired.content)
    for answer in (expired, client.get(f"/shared/{altered}/")):
        assert NAME not in answer.content.decode() and "council" not in answer.content.decode()
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_each_opening_is_written_down_with_a_keyed_hash_of_the_address(world, client):
    row, secret = make(world)
    client.get(f"/shared/{secret}/", headers={"user-agent": "Reader\n1.0"})
    client.get(f"/shared/{secret}/", headers={"user-agent": "Reader\n1.0"})
    revoke_share_link(link=row.pk, by=world.funder, now=timezone.now())
    client.get(f"/shared/{secret}/")
    uses = list(ShareLinkUse.objects.order_by("pk"))
    assert [use.was_let_in for use in uses] == [True, True, False]
    assert len({use.address_hash for use in uses}) == 1 and "127.0.0.1" not in uses[0].address_hash
    assert len(uses[0].address_hash) == 64
    page = Client()
    page.force_login(world.funder)
    shown = page.get(f"/portfolio/{world.initiative.slug}/shares/").content.decode()
    assert "opened 2 times from 1 address" in shown and "refused 1 time since it ended" in shown
    with pytest.raises(Exception, match="Cannot (update|delete)"), transaction.atomic():
        ShareLinkUse.objects.all().delete()


def test_a_link_shows_only_what_it_was_made_for(world, client):
    world.entry("spent", 2_500, at=1)
    city = world.engagements[0].city
    moment = timezone.now()
    _, narrow = make(world, query=f"city={city.slug}&nonsense=1", as_of=moment)
    world.entry("spent", 1_000)
    page = client.get(f"/shared/{narrow}/", {"city": "", "as_of": ""}).content.decode()
    assert "$12,500 spent" in page and world.engagements[1].city.name not in page.split("need-title")[0]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.CITY_STAFF, Role.EXPERT, Role.LOCAL_PARTNER])
def test_only_leads_and_funders_share(world, role):
    with pytest.raises(NotFound):
        make(world, by=world.person(role))


def test_who_lost_the_right_to_share_leaves_no_open_door(world, client):
    _, secret = make(world)
    EngagementRole.objects.filter(user=world.funder).update(ended_on=timezone.now().date())
    assert client.get(f"/shared/{secret}/").status_code == 410


def test_others_links_are_neither_seen_nor_revoked(world):
    other = World()
    row, _ = make(world)
    with pytest.raises(NotFound):
        revoke_share_link(link=row.pk, by=other.funder, now=timezone.now())
    client = Client()
    client.force_login(other.funder)
    assert client.post(f"/portfolio/shares/{row.pk}/revoke/").status_code == 404
    assert client.get(f"/portfolio/{world.initiative.slug}/shares/").status_code == 404


def test_making_one_on_the_page_shows_it_once(world):
    client = Client()
    client.force_login(world.lead)
    address = f"/portfolio/{world.initiative.slug}/shares/"
    form = client.get(address, {"theme": "housing"}).context["form"]
    sent = {
        "label": "The board",
        "days": 7,
        "moment": "then",
        "query": form["query"].value(),
        "as_of": "",
        "submission": str(form["submission"].value()),
    }
    page = client.post(address, sent).content.decode()
    link = ShareLink.objects.get()
    assert "/shared/" in page and "not shown again" in page
    assert (link.label, link.query, link.as_of is not None) == ("The board", "theme=housing", True)
    again = client.post(address, sent).content.decode()
    assert "/shared/" not in again and ShareLink.objects.count() == 1
    assert "/shared/" not in client.get(address).content.decode()
    assert client.post(f"/portfolio/shares/{link.pk}/revoke/").status_code == 302
    assert ShareLink.objects.get().revoked_by == world.lead


@pytest.mark.parametrize(("field", "value"), [("label", " "), ("days", 5000), ("moment", "never"), ("submission", "x")])
def test_a_bad_form_makes_nothing_and_keeps_what_was_typed(world, field, value):
    client = Client()
    client.force_login(world.lead)
    sent = {"label": "The board", "days": 7, "moment": "live", "submission": "12345678-1234-5678-1234-567812345678"}
    answer = client.post(f"/portfolio/{world.initiative.slug}/shares/", sent | {field: value})
    assert answer.status_code == 422 and not ShareLink.objects.exists()


def test_filters_too_long_to_be_kept_are_said_and_make_no_link(world):
    client = Client()
    client.force_login(world.lead)
    query = "&".join(f"theme={'é' * 90}{number}" for number in range(5))  # short as typed, long as an address
    sent = {"label": "The board", "days": 7, "moment": "live", "submission": "12345678-1234-5678-1234-567812345678"}
    answer = client.post(f"/portfolio/{world.initiative.slug}/shares/", sent | {"query": query})
    assert answer.status_code == 422 and "too many filters" in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_openings_are_limited_like_invitations(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"open_share_link": "3/m/ip"}
    statuses = [client.get("/shared/guessed/").status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert client.get("/shared/guessed/").headers["Cache-Control"] == "private, no-store"


def test_the_database_keeps_links_that_end(world):
    now = timezone.now()
    with pytest.raises(IntegrityError, match="share_link_expires"), transaction.atomic():
        ShareLink.objects.create(
            initiative=world.initiative, label="x", sha256="0" * 64, made_by=world.by, created_at=now, expires_at=now
        )


def test_a_link_of_nobody_and_a_closed_one_are_told_apart_in_the_action(world):
    row, secret = make(world)
    revoke_share_link(link=row.pk, by=world.funder, now=timezone.now())
    with pytest.raises(ShareClosed):
        open_share_link(secret=secret, address="10.0.0.1", agent="", now=timezone.now())
    with pytest.raises(NotFound):
        open_share_link(secret="nobody", address="10.0.0.1", agent="", now=timezone.now())

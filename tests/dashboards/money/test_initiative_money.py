"""Money of a whole initiative: leads enter and reverse it from the portfolio, funders read it, others never do."""

from datetime import date

import pytest
from django.test import Client

from engagements.models import LedgerEntry
from engagements.permissions import Role
from tests.factories.engagements import everybody, pair
from tests.factories.ledger import entry, funder

pytestmark = pytest.mark.django_db
SENT = {"stage": "committed", "amount": "$12,000", "occurred_on": "2026-03-02", "payee": "Trust"}


def submission(number: int) -> dict[str, str]:
    return {"submission": f"12345678-1234-5678-1234-56781234567{number}"}


@pytest.fixture
def work():
    """Two cities of one initiative, a client of each role in the first, and the form's address."""
    mine, _ = pair()
    clients = {}
    for role, user in everybody(mine).items():
        clients[role] = Client()
        clients[role].force_login(user)
    return mine, clients, f"/portfolio/{mine.initiative.slug}/money/new/"


def test_a_lead_enters_and_reverses_it_and_a_city_may_then_use_it(work):
    engagement, clients, address = work
    client, source = clients[Role.LEAD], funder(engagement)
    form = client.get(address).context["form"]
    assert form["stage"].value() == "committed" and not {"tracts", "plan", "milestone"} & set(form.fields)
    for _ in range(2):  # a second click
        made = client.post(address, SENT | {"funder": source.pk} | submission(1))
        assert made.status_code == 302
    kept = LedgerEntry.objects.get()
    assert (kept.engagement_id, kept.initiative_id, kept.amount_usd) == (None, engagement.initiative_id, 12_000)
    shown = client.get(made["Location"]).content.decode()
    assert f'<a href="/portfolio/{engagement.initiative.slug}/">{engagement.initiative.name}</a>' in shown
    assert "Trust" in shown and f"/money/{kept.pk}/reverse/" in shown and "/place/" not in shown
    form = client.get(f"/money/{kept.pk}/reverse/").content.decode()
    assert f'href="/portfolio/{engagement.initiative.slug}/"' in form
    back = client.post(f"/money/{kept.pk}/reverse/", {"why": "Twice", "occurred_on": "2026-04-01"} | submission(2))
    assert back.status_code == 302 and LedgerEntry.objects.get(reverses=kept).engagement_id is None
    assert "This transaction reverses" in client.get(back["Location"]).content.decode()
    assert f"/money/{kept.pk}/reverse/" not in client.get(made["Location"]).content.decode()


def test_what_a_city_uses_is_not_taken_back(work):
    engagement, clients, address = work
    source = funder(engagement)
    clients[Role.LEAD].post(address, SENT | {"funder": source.pk} | submission(1))
    entry(engagement, amount=500, on=date(2026, 3, 3)).save()
    kept = LedgerEntry.objects.get(engagement=None)
    sent = {"why": "x", "occurred_on": "2026-04-01"} | submission(2)
    refused = clients[Role.LEAD].post(f"/money/{kept.pk}/reverse/", sent)
    assert refused.status_code == 422 and "committed" in refused.content.decode()


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"amount": "-5"}, "amount", "reverse it"),
        ({"amount": ""}, "amount", "required"),
        ({"occurred_on": "3/2/2026"}, "occurred_on", "Give a day such as"),
        ({"occurred_on": "2030-01-01"}, "occurred_on", "has not come yet"),
        ({"funder": "999999"}, "funder", "valid choice"),
        ({"stage": "spent"}, "amount", "committed"),
    ],
)
def test_the_form_says_what_to_mend(work, more, field, said):
    engagement, clients, address = work
    answer = clients[Role.LEAD].post(address, SENT | {"funder": funder(engagement).pk} | submission(1) | more)
    assert answer.status_code == 422 and said in " ".join(answer.context["form"].errors[field])
    assert not LedgerEntry.objects.exists()


READS_FIGURES = {Role.LEAD, Role.FUNDER, Role.ADVISER, Role.CITY_STAFF, Role.LOCAL_PARTNER}  # of its portfolio


def test_funders_read_and_never_write_and_others_find_no_list_behind_the_figures(work):
    engagement, clients, address = work
    made = clients[Role.LEAD].post(address, SENT | {"funder": funder(engagement).pk} | submission(1))
    portfolio = f"/portfolio/{engagement.initiative.slug}/"
    entries = f"{portfolio}entries/?city=none"
    for role, client in clients.items():
        seen = {Role.LEAD: 200, Role.FUNDER: 200}.get(role, 404)
        may = {Role.LEAD: 200, Role.FUNDER: 403}.get(role, 404)
        pages = [client.get(url) for url in (portfolio, entries, made["Location"])]
        figures = 200 if role in READS_FIGURES else 404
        assert [page.status_code for page in pages] == [figures, seen, seen], role
        if figures == 200 and seen != 200:
            text, hidden = pages[0].content.decode(), (address, f"{portfolio}entries/", made["Location"], "Trust")
            assert not [one for one in hidden if one in text], role
        assert client.get(address).status_code == may, role
        assert client.get(f"{made['Location']}reverse/").status_code == may, role
        assert client.post(f"{made['Location']}reverse/", {"why": "x"}).status_code == (422 if may == 200 else may)
        assert client.get(f"{made['Location']}place/").status_code == (403 if seen == 200 else 404)
        if seen == 200:
            texts = [page.content.decode() for page in pages]
            assert (address in texts[0]) is (role is Role.LEAD)
            assert made["Location"] in texts[1]
            assert ("Trust" in texts[2]) is (role is Role.LEAD) and (f"{made['Location']}reverse/" in texts[2]) is (
                role is Role.LEAD
            )
    assert LedgerEntry.objects.count() == 1


def test_the_address_of_another_initiative_is_none(work):
    _, clients, _ = work
    assert clients[Role.LEAD].get(f"/portfolio/{pair()[0].initiative.slug}/money/new/").status_code == 404

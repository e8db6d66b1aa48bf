"""The team's contacts: who sees and writes them, and an address list in and out."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.base.table_import.mapping_forms import MappingForm
from engagements.base.tables.csv_table import read_csv
from engagements.contacts.import_rows import CONTACT_TABLE
from engagements.models import Contact, TableImport
from engagements.permissions import EDIT_RECORD, EXPORT, IMPORT, INITIATIVE_ROLES, PERMISSIONS, VIEW_TEAM, Role
from tests.factories.engagements import member, pair

pytestmark = pytest.mark.django_db
GOOGLE = (
    "First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Value,Phone 1 - Value,Notes\n"
    "Ann,Lee,Housing office,Director,ann@example.org,+1 313 555 0100,Mornings\n"
    "Bob,Ray,,,bob@example.org,,\n"
)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(engagement, end="") -> str:
    return f"/engagements/{engagement.slug}/contacts/{end}"


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def bring(client, engagement, text: str):
    return client.post(address(engagement, "import/"), {"file": SimpleUploadedFile("list.csv", text.encode())})


def match(client, engagement, text: str, **more):
    brought = bring(client, engagement, text)
    form = MappingForm(declared=CONTACT_TABLE, table=read_csv(text.encode(), CONTACT_TABLE.kind))
    chosen = {name: form[name].value() or "" for name in form.fields}
    return client.post(address(engagement, "import/columns/"), hidden(brought) | chosen | more)


def test_an_address_list_comes_in_goes_out_and_comes_back():
    here, _ = pair()
    client = client_of(member(Role.ADVISER, here))
    shown = match(client, here, GOOGLE)
    assert [(row.title, row.outcome) for row in shown.context["result"].rows] == [
        ("Ann Lee", "add"),
        ("Bob Ray", "add"),
    ]
    client.post(address(here, "import/keep/"), hidden(shown))
    ann = Contact.objects.get(name="Ann Lee")
    assert (ann.organisation, ann.title, ann.phone, ann.note) == (
        "Housing office",
        "Director",
        "+1 313 555 0100",
        "Mornings",
    )
    exported = client.get(address(here, "export.csv")).content.decode("utf-8-sig")
    again = bring(client, here, exported)
    assert {row.outcome for row in again.context["result"].rows} == {"unchanged"}
    edited = bring(client, here, exported.replace("Director", "Deputy"))
    assert edited.context["result"].rows[0].changes == (("title", "Director", "Deputy"),)
    shown = match(client, here, GOOGLE.replace("Ann,Lee", "Anna,Lee"))  # known by her address
    assert [row.outcome for row in shown.context["result"].rows] == ["change", "unchanged"]
    made = TableImport.objects.get()
    client.post(f"/imports/{made.pk}/undo/")
    assert not Contact.objects.filter(archived_at=None).exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Ann,Lee,,,not an address,,", "email"),
        (",,,,ann@example.org,,", "name"),
        (f"Ann,Lee,{'x' * 151},,,,", "organisation"),
    ],
)
def test_what_is_refused_names_its_column(row, column):
    here, _ = pair()
    shown = match(client_of(member(Role.ADVISER, here)), here, f"{GOOGLE.splitlines()[0]}\n{row}\n")
    (found,) = shown.context["result"].rows
    assert found.outcome == "refused" and column in dict(found.problems) and not Contact.objects.exists()


def test_one_address_is_one_contact():
    here, _ = pair()
    client = client_of(member(Role.ADVISER, here))
    for name in ("Ann", "Anna"):
        page = client.get(address(here, "add/"))
        answer = client.post(address(here, "add/"), hidden(page) | {"name": name, "email": "ann@example.org"})
    assert answer.status_code == 422 and Contact.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(engagement=here, name="Third", email="ANN@example.org")


def test_each_role_sees_and_writes_what_the_table_says():
    here, other = pair()
    row = Contact.objects.create(engagement=here, name="Ann Lee")
    for role in Role:
        client, held = client_of(member(role, here)), PERMISSIONS[role]
        for end, needed in (("", VIEW_TEAM), ("add/", EDIT_RECORD), ("import/", IMPORT), ("export.csv", EXPORT)):
            found = client.get(address(here, end)).status_code
            refused = (403,) if end == "add/" and VIEW_TEAM in held else (404,)
            assert found == 200 if {needed, VIEW_TEAM} <= held else found in refused, (role, end)
            if role not in INITIATIVE_ROLES:
                assert client.get(address(other, end)).status_code == 404, (role, end)
        for end in ("edit/", "archive/"):
            found = client.get(f"/contacts/{row.pk}/{end}").status_code
            assert found == (200 if EDIT_RECORD in held else 404), (role, end)
        for end in ("columns/", "keep/", "reasons/"):
            if IMPORT not in held:
                assert client.post(address(here, f"import/{end}")).status_code == 404


def test_a_list_asks_as_often_for_many_as_for_two():
    here, _ = pair()
    client, found = client_of(member(Role.CITY_STAFF, here)), []
    client.get(address(here))  # the first request also reads what every page needs once
    for many in (2, 30):
        for number in range(many):
            Contact.objects.create(engagement=here, name=f"Person {many} {number}")
        with CaptureQueriesContext(connection) as asked:
            assert "Person" in client.get(address(here)).content.decode()
        found.append(len(asked))
    assert found[0] == found[1]
    assert "Person 2 1" not in client.get(address(here) + "?q=30+29").content.decode()

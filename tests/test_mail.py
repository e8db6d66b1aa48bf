"""Mail kept on the machine: who reads what, and that a mail can do nothing to its reader."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.test import Client
from django.utils import timezone

from engagements.models import User
from engagements.privacy.actions.erasing import erase_person
from mobility_portal.mail_files import KEPT_DAYS, delete_old_mails, mails, read

pytestmark = pytest.mark.django_db
HOSTILE = '<p>Hi</p><script>alert(1)</script><img src="https://evil.example/x.png">'


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "mobility_portal.mail_files.Backend"
    settings.MAIL_IS_READABLE = settings.DEMO_ACCOUNTS = True
    return settings.EMAIL_FILE_PATH


def person(email, **fields) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(email, "quiet-Harbour-42", **fields))
    return client


def test_a_mail_is_one_file_for_its_owner_only(folder):
    assert send_mail(
        "Grüße", "Zeile – eins\n" + "-" * 79 + "\nTo: x@example.org", "portal@localhost", ["Ann@example.org"]
    )
    (found,) = mails()
    assert (found.subject, found.to, found.html) == ("Grüße", ("ann@example.org",), "")
    assert found.text.startswith("Zeile – eins")
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    assert mails("x@example.org") == () and mails("ANN@example.org") == (found,)


def test_old_mail_goes_and_so_does_mail_to_who_was_erased(folder, django_capture_on_commit_callbacks):
    ann = User.objects.create_user("ann@city.gov", "x")
    for to in (["ann@city.gov"], ["bea@city.gov"], ["ann@city.gov", "bea@city.gov"]):
        send_mail("Hello", "Hello.", "portal@localhost", to)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=ann.pk, by=None, now=timezone.now(), confirmation="ann@city.gov")
    assert [mail.to for mail in mails()] == [("ann@city.gov", "bea@city.gov"), ("bea@city.gov",)]
    now = timezone.now()
    assert delete_old_mails(now + timedelta(days=KEPT_DAYS - 1)) == 0
    assert delete_old_mails(now + timedelta(days=KEPT_DAYS + 1)) == 2 and mails() == ()


@pytest.mark.parametrize("key", ["..", "../secrets/secret_key", "x", "20260101T000000000000-" + "0" * 32, ""])
def test_no_other_file_can_be_named(folder, key):
    assert read(key) is None


def test_demo_accounts_see_their_own_operators_all_others_nothing(folder):
    for email in ("lead@demo.example", "funder@demo.example"):
        send_mail(f"For {email}", "Hello.", "portal@localhost", [email])
    newest, oldest = mails()
    lead = person("lead@demo.example", is_fictional=True)
    operator = person("root@example.org", is_staff=True, is_superuser=True)
    plain = person("ann@example.org")
    assert Client().get("/mail/").status_code == 302 and plain.get("/mail/").status_code == 404
    page = lead.get("/mail/").content.decode()
    assert "For lead@" in page and "For funder@" not in page
    assert operator.get("/mail/").content.decode().count("For ") == 2
    for client, statuses in ((lead, [200, 404]), (operator, [200, 200]), (plain, [404, 404])):
        assert [client.get(f"/mail/{mail.key}/").status_code for mail in (oldest, newest)] == statuses


def test_the_time_is_that_of_whoever_looks(folder):
    send_mail("Hello", "Hello.", "portal@localhost", ["lead@demo.example"])
    (path,) = folder.iterdir()
    lines = [
        b"Date: Fri, 27 Nov 2026 03:51:00 -0000" if line.startswith(b"Date:") else line
        for line in path.read_bytes().splitlines()
    ]
    path.write_bytes(b"\n".join(lines))
    lead = person("lead@demo.example", is_fictional=True, time_zone="America/New_York")
    for address in ("/mail/", f"/mail/{path.stem}/"):
        assert "Nov 26, 2026, 10:51 p.m." in lead.get(address).content.decode()


def test_with_a_mail_server_there_is_no_such_page(folder, settings):
    settings.MAIL_IS_READABLE = False
    client = person("root@example.org", is_staff=True, is_superuser=True)
    assert client.get("/mail/").status_code == 404
    assert "/mail/" not in client.get("/me/").content.decode()


def test_a_hostile_mail_is_text_on_the_page_and_shut_in_beside_it(folder):
    mail = EmailMultiAlternatives(
        "<script>alert(2)</script>", "see <b>https://evil.example</b>", to=["root@example.org"]
    )
    mail.attach_alternative(HOSTILE, "text/html")
    mail.send()
    client = person("root@example.org", is_staff=True)
    (found,) = mails()
    page = client.get(f"/mail/{found.key}/").content.decode().split("<main")[1]
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    html = client.get(f"/mail/{found.key}/html/")
    policy = html["Content-Security-Policy"]
    assert html.content.decode().strip() == HOSTILE
    assert policy.startswith("sandbox;") and "default-src 'none'" in policy and "script" not in policy
    assert "allow" not in policy


def test_a_mail_without_html_has_no_such_page(folder):
    send_mail("Plain", "Hello.", "portal@localhost", ["root@example.org"])
    client = person("root@example.org", is_staff=True)
    assert client.get(f"/mail/{mails()[0].key}/html/").status_code == 404

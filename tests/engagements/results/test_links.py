"""An organization's reply by link: used twice, forwarded, expired, revoked, forged, switched off; two at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.models import Activity, Notification, ReplyLink, ReplyLinkUse, ReplyRequest, User
from engagements.permissions import Role
from engagements.results.actions.links import make_reply_link, revoke_reply_link
from engagements.results.actions.replies import answer_reply
from engagements.results.actions.results import change_result
from engagements.results.mail import send_reply_link
from engagements.results.queries.drafts import reply_links, result_page
from mobility_portal.log_secrets import hide_secrets
from tests.factories.results import Desk, make_desk

EMAIL = "office@partner.example.org"
ANSWER = {"answer": "add", "reply": "We coached 300."}


@pytest.fixture(autouse=True)
def here(settings):
    settings.PORTAL_URL = "https://portal.example.org"


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


@pytest.fixture
def asked(desk) -> ReplyRequest:
    return desk.ask_an_organization(desk.draft(), timezone.now())


def send(desk, asked) -> tuple[ReplyLink, str]:
    row = send_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())
    found = re.search(r"https://portal\.example\.org(/replies/by-link/[^/\s]+/)", mail.outbox[-1].body)
    assert found and found[1] in mail.outbox[-1].alternatives[0][0] and mail.outbox[-1].to == [EMAIL]
    return row, found[1]


def test_who_follows_it_up_is_told_outside_by_name_and_never_by_email(desk, asked):
    for name in ("Ann Ames", ""):
        User.objects.filter(pk=asked.owner_id).update(name=name)
        _row, address = send(desk, asked)
        texts = (mail.outbox[-1].body, mail.outbox[-1].alternatives[0][0], Client().get(address).content.decode())
        for text in texts:
            assert ("Ann Ames follows it up." in text) == bool(name) and ("follows it up" in text) == bool(name)
            assert asked.owner.email not in text


def test_opening_uses_nothing_up_and_the_first_reply_does(desk, asked):
    row, address = send(desk, asked)
    stranger = Client()
    for _ in range(3):
        page = stranger.get(address)
        assert page.status_code == 200 and asked.sentence in page.content.decode()
        assert page["Cache-Control"] == "private, no-store" and "noindex" in page["X-Robots-Tag"]
    short = stranger.post(address, {"answer": "correct", "reply": ""})
    assert short.status_code == 422 and 'value="correct"' in short.content.decode()
    long = stranger.post(address, {"answer": "add", "reply": "x" * 601})
    assert long.status_code == 422 and "x" * 601 in long.content.decode()
    assert stranger.post(address, ANSWER).status_code == 200
    again = stranger.post(address, {"answer": "agree", "reply": ""})
    assert again.status_code == 410 and stranger.get(address).status_code == 410
    asked.refresh_from_db()
    assert (asked.answer, asked.reply, asked.replied_by) == ("add", "We coached 300.", None) and asked.received_how
    page = result_page(desk.adviser, asked.result_id)
    assert page.reply.words.startswith("A Partner adds (") and not page.reply.is_confirmed
    (line,) = reply_links(asked.pk, now=timezone.now())
    assert (line.state, line.addresses, line.refused) == ("used", 1, 2) and line.openings == 5
    assert Notification.objects.filter(user=desk.adviser, noun="replyrequest", actor=None).exists()
    assert Activity.objects.filter(verb="replied", by=None, object_id=asked.pk).exists()
    assert "We coached 300." not in stranger.get(f"/results/{asked.result_id}/").content.decode()  # a draft stays one


def test_it_expires_with_its_request(desk, asked):
    row, address = send(desk, asked)
    assert row.expires_at == datetime.combine(asked.due_on + timedelta(days=1), datetime.min.time(), UTC)
    then = timezone.now() - timedelta(days=40)
    ReplyRequest.objects.filter(pk=asked.pk).update(asked_on=then.date(), due_on=then.date() + timedelta(days=14))
    ReplyLink.objects.filter(pk=row.pk).update(created_at=then, expires_at=then + timedelta(days=14))
    assert Client().post(address, ANSWER).status_code == 410
    asked.refresh_from_db()
    assert asked.answer == "" and ReplyLinkUse.objects.get().why == "expired"
    with pytest.raises(ValidationError, match="over"):
        make_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())


def test_whoever_is_signed_in_answers_in_their_own_name(desk, asked):
    _row, address = send(desk, asked)
    for person in (desk.adviser, desk.staff, desk.people[Role.FUNDER]):
        client = Client()
        client.force_login(person)
        assert client.get(address).status_code == 403 and client.post(address, ANSWER).status_code == 403
    asked.refresh_from_db()
    assert asked.answer == "" and set(ReplyLinkUse.objects.values_list("why", flat=True)) == {"forwarded"}


def test_revoked_replaced_and_forged_links_open_nothing(desk, asked):
    first, address = send(desk, asked)
    second, newer = send(desk, asked)
    assert Client().get(address).status_code == 410 and Client().get(newer).status_code == 200
    for role in (Role.EXPERT, Role.FUNDER, Role.LOCAL_PARTNER):
        with pytest.raises(NotFound):
            revoke_reply_link(link=second.pk, by=desk.people[role], now=timezone.now())
        with pytest.raises(NotFound):
            make_reply_link(request=asked.pk, email=EMAIL, by=desk.people[role], now=timezone.now())
    lead = Client()
    lead.force_login(desk.lead)
    assert EMAIL in lead.get(f"/replies/{asked.pk}/").content.decode()
    assert lead.post(f"/reply-links/{second.pk}/end/").status_code == 302
    assert Client().post(newer, ANSWER).status_code == 410
    forged = newer[:-6] + ("aaaaa/" if newer[-6:] != "aaaaa/" else "bbbbb/")
    assert Client().get(forged).status_code == 404 and Client().post(forged, ANSWER).status_code == 404
    asked.refresh_from_db()
    assert asked.answer == ""


def test_a_reply_that_came_and_a_changed_sentence_close_it(desk, asked):
    _row, address = send(desk, asked)
    row = asked.result
    change_result(pk=row.pk, changes={"effect": 4.0}, expected_version=row.version, by=desk.adviser, now=timezone.now())
    assert Client().post(address, ANSWER).status_code == 410
    row.refresh_from_db()
    change_result(pk=row.pk, changes={"effect": 5.0}, expected_version=row.version, by=desk.adviser, now=timezone.now())
    assert Client().get(address).status_code == 200
    asked.refresh_from_db()
    answer_reply(
        pk=asked.pk, answer="agree", received_how="by phone", expected_version=asked.version, by=desk.adviser,
        now=timezone.now(),
    )  # fmt: skip
    assert Client().post(address, ANSWER).status_code == 410
    with pytest.raises(ValidationError, match="here already"):
        make_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())


def test_the_setting_closes_those_that_were_sent(desk, asked, settings):
    _row, address = send(desk, asked)
    settings.REPLY_LINKS = False
    assert Client().get(address).status_code == 410
    with pytest.raises(ValidationError) as refused:
        send_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())
    assert "email" in refused.value.message_dict


def test_only_organizations_and_whole_addresses_get_one(desk, asked):
    other = desk.ask(desk.draft(finding="another"))
    for request, email in ((other.pk, EMAIL), (asked.pk, "office"), (asked.pk, "a@b.org\nBcc: c@d.org")):
        with pytest.raises(ValidationError) as refused:
            make_reply_link(request=request, email=email, by=desk.adviser, now=timezone.now())
        assert "email" in refused.value.message_dict
    assert not ReplyLink.objects.exists() and mail.outbox == []


def test_made_up_work_mails_nobody(desk, asked, settings):
    settings.PORTAL_EMBEDDED = False
    type(desk.city).objects.filter(pk=desk.city.pk).update(is_fictional=True)
    with pytest.raises(ValidationError, match="made up"):
        make_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())


def test_a_mail_that_fails_leaves_no_open_link(desk, asked, settings):
    settings.EMAIL_BACKEND = "tests.engagements.results.test_links.Refusing"
    with pytest.raises(ValidationError, match="later"):
        send_reply_link(request=asked.pk, email=EMAIL, by=desk.adviser, now=timezone.now())
    assert ReplyLink.objects.get().revoked_at


class Refusing:
    def __init__(self, *_, **__):
        pass

    def send_messages(self, _messages):
        raise ConnectionRefusedError


def test_the_database_keeps_the_day_one_use_one_link_and_the_log(desk, asked):
    row, address = send(desk, asked)
    Client().get(address)
    refused = (
        lambda: ReplyLink.objects.filter(pk=row.pk).update(expires_at=row.expires_at + timedelta(minutes=1)),
        lambda: ReplyLink.objects.create(
            request=asked, email=EMAIL, sha256="x", created_at=timezone.now(), created_by=desk.adviser,
            expires_at=row.expires_at,
        ),
        lambda: ReplyLink.objects.filter(pk=row.pk).update(used_at=row.expires_at + timedelta(days=1)),
        lambda: ReplyRequest.objects.filter(pk=asked.pk).update(
            answer="agree", replied_at=timezone.now(), received_how="by link"
        ),
        lambda: ReplyLinkUse.objects.update(agent=""),
        lambda: ReplyLink.objects.all().delete(),
    )  # fmt: skip
    for deed in refused:
        with pytest.raises((DatabaseError, InternalError, Exception), match="."), transaction.atomic():
            deed()
    other = desk.ask(desk.draft(finding="another"))
    with pytest.raises(DatabaseError, match="organization"), transaction.atomic():
        ReplyLink.objects.create(
            request=other, email=EMAIL, sha256="y", created_at=timezone.now(), created_by=desk.adviser,
            expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    ReplyLink.objects.filter(pk=row.pk).update(used_at=timezone.now())
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        ReplyLink.objects.filter(pk=row.pk).update(used_at=None)


def test_secrets_stay_out_of_the_log():
    assert hide_secrets("Gone: /replies/by-link/abcdefghijklmnop1234/") == "Gone: /replies/by-link/[secret]/"


def test_a_link_goes_out_with_the_question_by_form_and_api(desk):
    request = desk.ask_an_organization(desk.draft(), timezone.now())
    partner, other = request.organisation, desk.draft(finding="another")
    client = Client()
    client.force_login(desk.adviser)
    page = client.get(f"/results/{other.pk}/ask/")
    key = re.search(r'name="submission" value="([^"]+)"', page.content.decode())
    typed = {"submission": key[1] if key else "", "organisation": partner.pk, "email": "office"}
    wrong = client.post(f"/results/{other.pk}/ask/", typed)
    assert wrong.status_code == 422 and not other.reply_requests.exists() and 'value="office"' in wrong.content.decode()
    assert client.post(f"/results/{other.pk}/ask/", typed | {"email": EMAIL}).status_code == 302
    assert other.reply_requests.get().links.count() == 1 and len(mail.outbox) == 1
    third = desk.draft(finding="a third")
    body = {"result": third.pk, "contact": desk.staff.pk, "email": EMAIL}
    refused = client.post("/api/v1/replies/", body, content_type="application/json")
    assert refused.status_code == 400 and "email" in str(refused.json()) and not third.reply_requests.exists()
    body = {"result": third.pk, "organisation": partner.pk, "email": EMAIL}
    assert client.post("/api/v1/replies/", body, content_type="application/json").status_code == 201
    assert len(mail.outbox) == 2 and EMAIL not in client.get("/api/v1/replies/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_replies_at_once_one_is_kept():
    desk = make_desk()
    asked = desk.ask_an_organization(desk.draft(), timezone.now())
    _row, address = send(desk, asked)
    together = Barrier(2)

    def reply(words):
        try:
            together.wait(10)
            return Client().post(address, {"answer": "add", "reply": words}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(reply, ("one", "two"))) == [200, 410]
    asked.refresh_from_db()
    assert asked.reply in ("one", "two") and asked.version == 2

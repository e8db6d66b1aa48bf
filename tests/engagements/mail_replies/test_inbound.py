"""A mail is answered: the call is verified, the reply is its writer's words, and nobody else learns anything."""

import hashlib
import hmac
import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.requests import create_request
from engagements.discussion.mail.reply_address import VALID, read_reply_address, write_reply_address
from engagements.models import Comment, Document, EngagementRole, ExpertRequest, Notification, ReceivedMail, User
from engagements.notifications.mail import send_outgoing
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import MilestoneFactory
from tests.factories.plans import make_plan

pytestmark = pytest.mark.django_db
KEY = "a-key-of-the-service"


@pytest.fixture(autouse=True)
def service(settings, tmp_path):
    settings.REPLY_ADDRESS, settings.INBOUND_MAIL_KEY = "reply@in.example.org", KEY
    settings.PORTAL_URL, settings.DOCUMENTS_DIR = "https://portal.example.org", tmp_path


@pytest.fixture
def people():
    here, _, mine, _ = house()
    return here, mine


def call(address, sender, text="Yes, on Friday.\n\nOn Monday, Portal wrote:\n> Will you?", files=(), **more):
    at, token = str(int(timezone.now().timestamp())), more.pop("token", uuid.uuid4().hex)
    sent = {
        "timestamp": at,
        "token": token,
        "signature": hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest(),
        "recipient": address,
        "from": f"Somebody <{sender}>",
        "body-plain": text,
        "message-headers": json.dumps([["Subject", "Re: Hello"]]),
    } | more
    sent |= {f"attachment-{n}": file for n, file in enumerate(files, 1)}
    return Client(enforce_csrf_checks=True).post("/inbound-mail/", sent)


def mentioned(here, mine, level="city", **about) -> tuple[Comment, User, str]:
    """A mention, its reader, and the address of the mail that told of it."""
    expert = mine[Role.EXPERT]
    said = add_comment(
        engagement=here.pk,
        body=f"@{expert.email} Will you?",
        visibility=level,
        by=mine[Role.ADVISER],
        now=timezone.now(),
        **about,
    )
    send_outgoing(now=timezone.now())
    (letter,) = mail.outbox
    mail.outbox.clear()
    (address,) = letter.reply_to
    assert "Write above this line" in letter.body and "Write above this line" in letter.alternatives[0][0]
    return said, expert, address


def outcomes() -> list[str]:
    return list(ReceivedMail.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_reply_to_a_mention_stands_beside_it_at_its_level_and_tells_its_writer(people):
    here, mine = people
    milestone = MilestoneFactory(engagement=here)
    said, expert, address = mentioned(here, mine, milestone=milestone.pk)
    answer = call(address, expert.email.upper())
    assert answer.status_code == 200 and mail.outbox == []
    reply = Comment.objects.exclude(pk=said.pk).get()
    assert (reply.body, reply.author, reply.visibility) == ("Yes, on Friday.", expert, "city")
    assert reply.milestone == milestone and list(reply.mentions.all()) == [mine[Role.ADVISER]]
    kept = ReceivedMail.objects.get()
    assert (kept.outcome, kept.user, kept.noun, kept.object_id) == ("posted", expert, "comment", reply.pk)
    assert Comment.pgh_event_model.objects.get(pgh_obj=reply, pgh_label="insert").pgh_context["user"] == expert.pk


def test_a_reply_to_a_question_answers_it_and_the_next_one_is_a_comment(people):
    here, mine = people
    asked = create_request(
        engagement=here.pk,
        question="Which tracts?",
        due_on=timezone.localdate() + timedelta(days=9),
        owner=mine[Role.EXPERT].pk,
        by=mine[Role.ADVISER],
        now=timezone.now(),
    )
    send_outgoing(now=timezone.now())
    (address,) = mail.outbox[0].reply_to
    call(address, mine[Role.EXPERT].email, "The six downtown.")
    call(address, mine[Role.EXPERT].email, "And one more.")
    asked = ExpertRequest.objects.get(pk=asked.pk)
    assert (asked.status, asked.answer, asked.answered_by) == ("answered", "The six downtown.", mine[Role.EXPERT])
    assert Comment.objects.get().body == "And one more." and Comment.objects.get().request == asked


def test_a_reply_stays_in_the_section_it_answers(people):
    here, mine = people
    plan = make_plan(here, mine[Role.ADVISER])
    said, expert, address = mentioned(here, mine, plan=plan.pk, section="need", level="team")
    call(address, expert.email)
    reply = Comment.objects.exclude(pk=said.pk).get()
    assert (reply.plan, reply.section, reply.visibility) == (plan, "need", "team")


def test_the_same_call_twice_writes_once(people):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    for _ in range(3):
        assert call(address, expert.email, token="the-same").status_code == 200
    assert Comment.objects.count() == 2 and outcomes() == ["posted"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"signature": "0" * 64}, 403),
        ({"signature": "ü"}, 403),
        ({"timestamp": "1"}, 403),
        ({"timestamp": "x"}, 403),
        ({"signature": ""}, 403),
    ],
)
def test_an_unsigned_call_is_not_looked_at(people, change, status):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    assert call(address, expert.email, **change).status_code == status
    assert Comment.objects.count() == 1 and outcomes() == [] and mail.outbox == []


def test_forged_expired_and_forwarded_addresses_get_the_same_answer_and_learn_nothing(people):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    told = Notification.objects.get(user=expert)
    forged = address[:40].replace("reply+", "reply+1", 1) + address[40:]
    expired = write_reply_address(told.pk, timezone.now() - VALID - timedelta(days=2))
    answers = [
        call(forged, expert.email),
        call("reply@in.example.org", expert.email),
        call("reply+x@evil.example", expert.email),
        call(address, "stranger@example.org"),
        call(expired, expert.email),
        call(address, expert.email),
    ]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert outcomes() == ["not_ours", "not_ours", "not_ours", "other_sender", "expired", "posted"]
    (letter,) = mail.outbox  # only the person of the account is told, and not of what
    assert letter.to == [expert.email] and "not posted" in letter.subject
    assert "Will you?" not in letter.body and here.city.name not in letter.body


def test_who_lost_the_role_posts_nothing(people):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    EngagementRole.objects.filter(user=expert).update(ended_on=timezone.localdate() - timedelta(days=1))
    call(address, expert.email)
    User.objects.filter(pk=expert.pk).update(is_active=False)
    call(address, expert.email)
    assert outcomes() == ["not_allowed"] * 2 and Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "outcome", "mails"),
    [
        ({"message-headers": '[["Auto-Submitted", "auto-replied"]]'}, "automatic", 0),
        ({"text": "> Will you?"}, "empty", 1),
        ({"text": "x" * 6_000}, "not_allowed", 1),
    ],
)
def test_machines_and_empty_mails_post_nothing(people, more, outcome, mails):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    assert call(address, expert.email, **more).status_code == 200
    assert outcomes() == [outcome] and Comment.objects.count() == 1 and len(mail.outbox) == mails


def test_files_that_are_taken_become_documents_and_others_are_told_of(people):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    files = [SimpleUploadedFile("notes.txt", b"Six tracts."), SimpleUploadedFile("run.exe", b"MZ" + b"\x00" * 99)]
    call(address, expert.email, files=files)
    document = Document.objects.get()
    assert (document.original_name, document.visibility, document.uploaded_by) == ("notes.txt", "city", expert)
    kept = ReceivedMail.objects.get()
    assert (kept.outcome, kept.files, kept.files_refused) == ("posted", 1, 1)
    (letter,) = mail.outbox
    assert "run.exe" in letter.body and letter.to == [expert.email]


def test_thirty_megabytes_are_refused_with_a_mail_back_and_the_words_are_kept(people):
    here, mine = people
    _, expert, address = mentioned(here, mine)
    large = io.BytesIO(b"\x00" * 30_000_000)
    large.name = "film.pdf"
    assert call(address, expert.email, files=[large]).status_code == 200
    assert Comment.objects.filter(body="Yes, on Friday.").exists() and not Document.objects.exists()
    (letter,) = mail.outbox
    assert "30 MB" in letter.body and "without its attachments" in letter.subject


def test_what_is_larger_than_a_mail_is_not_read(people):
    answer = Client().generic(
        "POST", "/inbound-mail/", b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH="70000000"
    )
    assert answer.status_code == 413


def test_without_a_mail_service_nothing_says_that_one_may_reply(people, settings):
    here, mine = people
    settings.INBOUND_MAIL_KEY = ""
    add_comment(
        engagement=here.pk,
        body=f"@{mine[Role.EXPERT].email} x",
        visibility="team",
        by=mine[Role.ADVISER],
        now=timezone.now(),
    )
    send_outgoing(now=timezone.now())
    assert mail.outbox[0].reply_to == [] and "Write above" not in mail.outbox[0].body
    assert call("reply+x@in.example.org", "a@example.org").status_code == 404


def test_an_address_is_good_for_one_notification_of_this_portal_whatever_its_case(settings):
    now = timezone.now()
    address = write_reply_address(12_345, now)
    assert len(address.split("@")[0]) <= 64 and read_reply_address(address.upper()).notification == 12_345
    assert VALID <= read_reply_address(address).ends_at - now <= VALID + timedelta(days=1)
    for n in range(6, len(address.split("@")[0])):
        other = address[:n] + ("b" if address[n] == "a" else "a") + address[n + 1 :]
        assert read_reply_address(other) is None, other
    settings.SECRET_KEY = "another"
    assert read_reply_address(address) is None

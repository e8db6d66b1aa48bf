"""One's own data on pages, the operators' part, and the commands."""

import csv
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from engagements.models import Comment, ErasureRequest, SecurityEvent, User
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, UserFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return EngagementFactory()


@pytest.fixture
def ann(place):
    user = member(Role.EXPERT, place, email="ann@city.gov", name="=Ann")
    Comment.objects.create(engagement=place, author=user, body="My words.", created_at=NOW)
    return user


@pytest.fixture
def operator():
    return UserFactory(is_staff=True)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def archive_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_has_ones_own_and_nothing_of_others_and_no_secret(ann, place):
    bea = member(Role.EXPERT, place, email="bea@city.gov", name="Bea")
    Comment.objects.create(engagement=place, author=bea, body="Not yours.", created_at=NOW)
    answer = signed_in(ann).post("/me/data/file/")
    files = archive_of(b"".join(answer.streaming_content))
    (profile,) = json.loads(files["own/engagements_User.json"])
    assert profile["email"] == "ann@city.gov" and "password" not in profile
    (row,) = csv.DictReader(io.StringIO(files["own/engagements_User.csv"].decode("utf-8-sig")))
    assert row["name"] == "'=Ann"
    assert [each["body"] for each in json.loads(files["words/Comment.json"])] == ["My words."]
    everything = b"".join(files.values())
    assert b"bea@city.gov" not in everything and b"Not yours." not in everything
    assert b"ann@city.gov" in files["README.txt"]
    event = SecurityEvent.objects.get(kind="exported")
    assert event.actor_id == ann.pk


def test_asking_is_one_request_and_may_be_taken_back(ann, operator):
    client = signed_in(ann)
    for _ in range(2):
        assert client.post("/me/data/erasure/").status_code == 302
    assert ErasureRequest.objects.count() == 1
    assert client.get("/me/data/").context["asked"] is not None
    page = signed_in(operator).get("/operations/people/")
    assert [row.person for row in page.context["asked"]] == [ann.pk]
    assert client.post("/me/data/erasure/withdraw/").status_code == 302
    assert signed_in(operator).get("/operations/people/").context["asked"] == ()
    assert User.objects.get(pk=ann.pk).is_active


def test_an_operator_erases_with_the_typed_address_only(ann, operator):
    client, address = signed_in(operator), f"/operations/people/{ann.pk}/"
    found = client.get("/operations/people/?email=ANN@city.gov")
    assert (found.status_code, found["Location"]) == (302, address)
    assert client.get("/operations/people/?email=%00x@y").status_code == 200
    assert client.get(address).context["preview"].open_roles == 1
    for typed in ("", "bea@city.gov", "x" * 9_000):
        assert client.post(address, {"confirmation": typed}).status_code == 422
    assert User.objects.get(pk=ann.pk).is_active
    assert client.post(address, {"confirmation": "ann@city.gov"}).status_code == 302
    assert not User.objects.get(pk=ann.pk).is_active
    assert client.get(address).status_code == client.post(address, {"confirmation": "x"}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_no_role_erases_or_sees_who_asked(role, place, ann):
    client = signed_in(member(role, place))
    assert client.get("/operations/people/").status_code == 404
    address = f"/operations/people/{ann.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"confirmation": "ann@city.gov"}).status_code == 404
    assert User.objects.get(pk=ann.pk).is_active


def test_a_demo_account_is_nobodys():
    client = signed_in(UserFactory(is_fictional=True))
    assert client.get("/me/data/").status_code == 403
    for address in ("/me/data/file/", "/me/data/erasure/", "/me/data/erasure/withdraw/"):
        assert client.post(address).status_code == 403
    assert not ErasureRequest.objects.exists()


def test_the_commands_do_the_same(ann, tmp_path, capsys):
    path = tmp_path / "ann.zip"
    call_command("export_person", "Ann@city.gov", str(path))
    assert path.stat().st_mode & 0o777 == 0o600 and "README.txt" in archive_of(path.read_bytes())
    assert SecurityEvent.objects.get(kind="exported").subject_id == ann.pk
    with pytest.raises(CommandError):
        call_command("export_person", "ann@city.gov", str(path))
    call_command("erase_person", "ann@city.gov")
    assert User.objects.get(pk=ann.pk).is_active and "Open roles that end: 1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("erase_person", "ann@city.gov", confirm="other@city.gov")
    call_command("erase_person", "ann@city.gov", confirm="ann@city.gov")
    assert not User.objects.get(pk=ann.pk).is_active
    with pytest.raises(CommandError):
        call_command("erase_person", "ann@city.gov", confirm="ann@city.gov")


def test_the_database_keeps_one_open_request(ann):
    ErasureRequest.objects.create(user=ann, asked_at=timezone.now())
    for also in ({}, {"withdrawn_at": timezone.now(), "done_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ErasureRequest.objects.create(user=ann, asked_at=timezone.now(), **also)

"""A city's whole record: complete, explained, with checksums, and for leads alone."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from engagements.access.errors import NotFound
from engagements.city_records.queries import LEFT_OUT, PATHS, record_tables
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.documents import archive_document
from engagements.discussion.actions.records import add_record
from engagements.models import FeedSecret, PublicRecordExport
from engagements.permissions import Role
from engagements.public_records.actions import WHOLE_KEPT_FOR, make_exports, request_city_record
from tests.engagements.discussion.discussion import house
from tests.engagements.public_records.test_public_records import bring
from tests.factories.engagements import NOW, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    here, there, people, others = house()
    lead = people[Role.LEAD]
    say = {"engagement": here.pk, "by": lead, "now": NOW}
    MilestoneFactory(engagement=here, title="=cmd()", owner=people[Role.ADVISER])
    MilestoneFactory(engagement=there, title="Elsewhere alone")
    add_record(kind="note", title="Doubts", body="Inner doubts", on=NOW.date(), **say)
    add_comment(body="Inner remark", visibility="team", **say)
    document = bring(here, lead, "Draft plan", "team")
    archive_document(document=document.pk, expected_version=1, by=lead, now=NOW, why="twice")
    return here, people, document


def opened(row: PublicRecordExport) -> zipfile.ZipFile:
    with row.file.open("rb") as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_every_table_is_in_it_or_left_out_for_a_reason():
    models = apps.get_app_config("engagements").get_models()
    names = {model.__name__ for model in models if not hasattr(model, "pgh_created_at")}  # their histories come along
    assert names == PATHS.keys() | LEFT_OUT.keys() and not PATHS.keys() & LEFT_OUT.keys()
    hidden = {"sha256", "encrypted", "token", "secret", "password", "key"}
    fingerprints = {"Document", "DocumentEvent", "FeedVintage", "FeedReading", "PublicRecordExport"}
    fingerprints |= {"RegistrationVersion", "PilotUnitList"}
    for one in record_tables():
        kept = {field.name for field in one.columns} & hidden
        assert not kept or one.name in fingerprints


def test_it_is_complete_explained_and_checked(city, settings):
    here, people, document = city
    made = request_city_record(engagement=here.pk, by=people[Role.LEAD], now=NOW)
    assert make_exports(now=NOW) == 1
    made.refresh_from_db()
    assert (made.status, made.expires_at - made.asked_at) == ("done", WHOLE_KEPT_FOR)
    archive = opened(made)
    checked = {row["file"]: row for row in table(archive, "checksums.csv")}
    assert checked.keys() == set(archive.namelist()) - {"checksums.csv"}
    for name, row in checked.items():
        content = archive.read(name)
        assert (int(row["bytes"]), row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    (milestone,) = table(archive, "data/Milestone.csv")
    assert milestone["title"] == "'=cmd()"
    (line,) = archive.read("data/Milestone.jsonl").decode().splitlines()
    assert json.loads(line)["title"] == "=cmd()"
    assert "Inner remark" in archive.read("data/Comment.jsonl").decode()
    assert b"Elsewhere alone" not in b"".join(archive.read(name) for name in archive.namelist())
    (history, *_) = table(archive, "history/DocumentEvent.csv")
    assert history["pgh_obj_id"] == str(document.pk)
    assert f"documents/{document.pk}.pdf" in archive.namelist()
    assert "file" not in table(archive, "data/Document.csv")[0]
    named = {row["id"] for row in table(archive, "people.csv")}
    assert {str(people[Role.LEAD].pk), str(people[Role.ADVISER].pk)} <= named
    assert not any("@" in value for row in table(archive, "people.csv") for value in row.values())
    described = {(row["table"], row["column"]) for row in table(archive, "data_dictionary.csv")}
    for one in record_tables():
        folder = "history" if one.is_history else "data"
        header = archive.read(f"{folder}/{one.name}.csv").decode("utf-8-sig").splitlines()[0].split(",")
        assert {(one.name, column) for column in header} <= described
    tables = [name for name in archive.namelist() if name.startswith(("data/", "history/")) and name.endswith(".csv")]
    assert made.shared == sum(len(table(archive, name)) for name in tables)


def test_leads_alone_ask_for_it_and_download_it(city):
    here, people, _ = city
    made = request_city_record(engagement=here.pk, by=people[Role.LEAD], now=NOW)
    make_exports(now=NOW)
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        page = client.get(f"/engagements/{here.slug}/record/").status_code
        posted = client.post(f"/engagements/{here.slug}/record/", {"submission": str(role)}).status_code
        file = client.get(f"/public-exports/{made.pk}/file/").status_code
        listed = client.get(f"/engagements/{here.slug}/public-records/").content.decode()
        assert f"/public-exports/{made.pk}/" not in listed
        if role == Role.LEAD:
            continue
        assert (page, posted) == (403, 403) and file == 404
        with pytest.raises(NotFound):
            request_city_record(engagement=here.pk, by=person, now=NOW)
    assert PublicRecordExport.objects.count() == 1
    PublicRecordExport.objects.filter(pk=made.pk).update(asked_at=NOW - timedelta(days=9), expires_at=NOW)
    make_exports(now=NOW)
    made.refresh_from_db()
    assert (made.status, made.file.name) == ("expired", "")


def test_the_command_writes_the_same_archive_and_never_over_another(city, tmp_path):
    here, _people, _ = city
    target = tmp_path / "record.zip"
    call_command("city_record", here.slug, str(target), verbosity=0)
    assert zipfile.ZipFile(target).testzip() is None and target.stat().st_mode & 0o777 == 0o600
    before = target.read_bytes()
    with pytest.raises(Exception, match="exists already"):
        call_command("city_record", here.slug, str(target))
    assert target.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["record.zip"]
    assert FeedSecret.__name__ in LEFT_OUT


def test_exact_small_counts_of_a_pilot_stay_behind():
    columns = {one.name: {field.name for field in one.columns} for one in record_tables()}
    assert "checks" not in columns["PilotDataset"] and "result" not in columns["PilotAnalysis"]
    assert {"content_sha256", "row_count"} <= columns["PilotDataset"]

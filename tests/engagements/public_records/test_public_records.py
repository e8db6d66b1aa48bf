"""Marks and exports: who may, what holds without a mark, what the file has and what it never has."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.access.errors import NotFound
from engagements.base.queries.history import history
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.documents import add_document, archive_document
from engagements.discussion.actions.records import add_record
from engagements.discussion.files.acceptance import accept
from engagements.models import Activity, PublicRecordExport, PublicRecordMark
from engagements.permissions import Role
from engagements.public_records.actions import KEPT_FOR, make_exports, mark_entries, request_export
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_, house
from tests.engagements.discussion.test_downloads import PDF
from tests.factories.engagements import NOW

pytestmark = pytest.mark.django_db
MARKERS = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}
EXPORTERS = {Role.LEAD, Role.CITY_STAFF}
DAY = NOW.date()


def bring(engagement, by, title, visibility="all"):
    new = accept(SimpleUploadedFile("plan.pdf", PDF), visibility=visibility, title=title)
    return add_document(engagement=engagement.pk, file=new, by=by, now=NOW)


@pytest.fixture
def desk():
    here, there, people, others = house()
    lead = people[Role.LEAD]
    say = {"engagement": here.pk, "by": lead, "now": NOW}
    things = {
        "decision": add_record(kind="decision", title="=Fund it", body="Call lead@city.example.org.", on=DAY, **say),
        "note": add_record(kind="note", title="Doubts on Bo", body="Secret doubts", on=DAY, **say),
        "comment": add_comment(body="Public remark", visibility="all", **say),
        "inner": add_comment(body="Inner remark", visibility="team", **say),
        "document": bring(here, lead, "Open plan"),
        "draft": bring(here, lead, "Draft plan", "team"),
    }
    return here, there, people, others, things


def mark(here, by, *things, mark="deliberative", reason="personnel", words=""):
    return mark_entries(engagement=here.pk, things=things, mark=mark, reason=reason, words=words, by=by, now=NOW)


def exported(here, by, first=DAY, last=DAY) -> tuple[PublicRecordExport, zipfile.ZipFile]:
    made = request_export(engagement=here.pk, first=first, last=last, by=by, now=NOW)
    assert make_exports(now=NOW) == 1
    made.refresh_from_db()
    assert made.status == "done", made.problem
    with made.file.open("rb") as content:
        return made, zipfile.ZipFile(io.BytesIO(content.read()))


def table(archive, name) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_who_marks_and_who_exports(desk):
    here, _, people, others, _things = desk
    at = f"/engagements/{here.slug}/public-records/"
    assert allowed(people, at) == MARKERS and allowed(others, at) == {Role.LEAD}
    assert allowed(people, f"{at}export/") == EXPORTERS and allowed(others, f"{at}export/") == {Role.LEAD}
    with pytest.raises(NotFound):
        mark(here, people[Role.EXPERT], ("comment", 1))
    with pytest.raises(NotFound):
        request_export(engagement=here.pk, first=DAY, last=DAY, by=people[Role.ADVISER], now=NOW)


def test_the_archive_shares_with_checksums_and_lists_the_rest_without_a_word_of_it(desk):
    here, _, people, _, things = desk
    staff = people[Role.CITY_STAFF]
    mark(here, staff, ("comment", things["comment"].pk), reason="counsel")
    mark(here, staff, ("document", things["draft"].pk), mark="shareable")
    made, archive = exported(here, staff)
    shared, withheld = table(archive, "index.csv"), table(archive, "withheld.csv")
    assert {row["title"] for row in shared} == {"'=Fund it", "Open plan", "Draft plan"}
    for row in shared:
        content = archive.read(row["file"])
        assert hashlib.sha256(content).hexdigest() == row["sha256"] and len(content) == int(row["bytes"])
    assert sorted((row["kind"], row["reason"]) for row in withheld) == [
        ("Comment", "Attorney-client"),
        ("Comment", "Deliberative process"),
        ("Note", "Deliberative process"),
    ]
    assert all(set(row) == {"kind", "date", "reason"} for row in withheld)
    assert (made.shared, made.withheld) == (3, 3) and archive.testzip() is None
    everything = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("documents/"))
    for secret in (b"Secret doubts", b"Doubts on Bo", b"Public remark", b"Inner remark", b"lead@city.example.org"):
        assert secret not in everything, secret
    assert b"[email address withheld]" in everything and b"<script" not in everything


def test_days_are_the_askers_own_and_both_included(desk):
    here, _, people, _, _things = desk
    lead = people[Role.LEAD]
    made, _archive = exported(here, lead, DAY + timedelta(days=2), DAY + timedelta(days=9))
    assert (made.shared, made.withheld) == (0, 0)
    made, _archive = exported(here, lead, DAY - timedelta(days=1), DAY)
    assert made.shared + made.withheld == 6
    with pytest.raises(ValidationError):
        request_export(engagement=here.pk, first=DAY, last=DAY - timedelta(days=1), by=lead, now=NOW)


def test_archived_things_are_withheld_until_somebody_decides_and_lost_files_are_said(desk):
    here, _, people, _, things = desk
    lead = people[Role.LEAD]
    archive_document(document=things["document"].pk, expected_version=1, by=lead, now=NOW, why="Wrong one")
    _made, archive = exported(here, lead)
    assert "Open plan" not in str(table(archive, "index.csv"))
    mark(here, lead, ("document", things["document"].pk), mark="shareable")
    things["document"].file.storage.delete(things["document"].file.name)
    _made, archive = exported(here, lead)
    (row,) = [row for row in table(archive, "index.csv") if row["title"] == "Open plan"]
    assert "no longer on the disk" in row["file"] and row["sha256"] == things["document"].sha256


def test_marks_need_their_reason_are_history_and_only_of_things_that_are_there(desk):
    here, there, people, _, things = desk
    adviser, note = people[Role.ADVISER], ("record", things["note"].pk)
    for wrong in ({"reason": ""}, {"reason": "other"}, {"reason": "x"}, {"mark": "x"}):
        with pytest.raises(ValidationError):
            mark(here, adviser, note, **wrong)
    assert mark(here, adviser, note, reason="other", words="Names a minor") == 1
    assert mark(here, adviser, note, reason="other", words="Names a minor") == 0
    assert mark(here, adviser, note, mark="shareable") == 1
    entries = history(adviser, here.pk, noun="publicrecordmark")
    assert [entry.verb for entry in entries] == ["update", "insert"] and entries[0].by == str(adviser)
    for missing in (("record", 999_999), ("user", adviser.pk), ("document", things["note"].pk + 10_000)):
        with pytest.raises(NotFound):
            mark(here, adviser, missing)
    row = {"mark": "deliberative", "marked_by": adviser, "marked_at": NOW}
    for wrong in (
        {"engagement": there, "noun": "record", "object_id": things["note"].pk, "reason": "personnel"},
        {"engagement": here, "noun": "comment", "object_id": things["inner"].pk, "reason": ""},
        {"engagement": here, "noun": "comment", "object_id": things["inner"].pk, "reason": "other"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicRecordMark.objects.create(**row | wrong)


def test_marking_on_the_page_keeps_the_filters_and_refuses_nonsense(desk):
    here, _, people, _, things = desk
    client, at = as_(people[Role.CITY_STAFF]), f"/engagements/{here.slug}/public-records/"
    sent = {
        "thing": [f"comment:{things['comment'].pk}", f"document:{things['document'].pk}"],
        "back": f"{at}?kind=comment",
    }
    answer = client.post(f"{at}mark/", sent | {"mark": "deliberative", "reason": "personal"})
    assert answer.status_code == 302 and answer["Location"] == f"{at}?kind=comment"
    assert PublicRecordMark.objects.count() == 2
    for wrong in ({"mark": "deliberative"}, {"mark": "x"}, {"mark": "shareable", "thing": ["comment:x"]}, {}):
        answer = client.post(f"{at}mark/", sent | {"back": "https://evil.example/"} | wrong)
        assert answer.status_code == 302 and answer["Location"] == at
    assert not PublicRecordMark.objects.filter(mark="shareable").exists()
    shown = client.get(f"{at}?mark=deliberative&kind=comment").context
    assert shown["total"] == 2 and {entry.kind for entry in shown["entries"]} == {"comment"}
    assert client.get(f"{at}?first=x&mark=y&kind=z&page=-1").status_code == 200


def test_counts_come_before_the_export_which_is_made_once_logged_and_expires(desk):
    here, _, people, others, _things = desk
    staff = people[Role.CITY_STAFF]
    client, at = as_(staff), f"/engagements/{here.slug}/public-records/export/"
    counts = client.get(f"{at}?first={DAY}&last={DAY}").context["counts"]
    assert (counts.shared, counts.withheld, counts.undecided) == (3, 3, 6) and not PublicRecordExport.objects.exists()
    assert client.get(f"{at}?first={DAY}&last={DAY - timedelta(days=3)}").status_code == 422
    for _ in range(2):
        assert client.post(at, {"first": DAY, "last": DAY, "submission": SUBMISSION}).status_code == 302
    made = PublicRecordExport.objects.get()
    make_exports(now=NOW)
    assert Activity.objects.filter(noun="publicrecordexport", object_id=made.pk, by=staff, verb="exported").count() == 1
    PublicRecordExport.objects.update(expires_at=timezone.now() + timedelta(days=3))
    url = f"/public-exports/{made.pk}/file/"
    for role, person in people.items():
        answer = as_(person).get(url)
        assert answer.status_code == (200 if role in EXPORTERS else 404), role
        if answer.streaming:
            assert b"".join(answer.streaming_content)[:2] == b"PK" and answer["X-Content-Type-Options"] == "nosniff"
    assert as_(others[Role.CITY_STAFF]).get(url).status_code == 404
    PublicRecordExport.objects.update(asked_at=NOW - KEPT_FOR, expires_at=NOW - timedelta(days=1))
    assert client.get(url).status_code == 404
    made.refresh_from_db()
    kept = made.file.path
    make_exports(now=NOW)
    made.refresh_from_db()
    assert made.status == "expired" and not made.file and not Path(kept).exists()


def test_the_number_of_statements_stays(desk):
    here, _, people, _, _things = desk
    client, counts = as_(people[Role.LEAD]), []
    for wanted in (6, 70):
        while PublicRecordMark.objects.count() + 6 < wanted:
            made = add_comment(engagement=here.pk, body="More", visibility="team", by=people[Role.LEAD], now=NOW)
            mark(here, people[Role.LEAD], ("comment", made.pk))
        with CaptureQueriesContext(connection) as found:
            page = client.get(f"/engagements/{here.slug}/public-records/")
        counts.append(len(found))
        assert len(page.context["entries"]) == min(wanted, 50)
    assert counts[0] == counts[1]

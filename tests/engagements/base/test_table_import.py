"""One preview-then-commit for every table: a preview keeps nothing, an import all or nothing, each submission once."""

from dataclasses import replace
from uuid import uuid4

import pytest

from engagements.base.table_import.forms import PackedForm, TableForm, pack
from engagements.base.table_import.results import ImportResult, RowResult
from engagements.base.table_import.transactions import commit_rows, preview_rows
from engagements.base.tables.table import Row, Table
from engagements.models import Organisation
from tests.factories.engagements import UserFactory

pytestmark = pytest.mark.django_db
GOOD = (RowResult(2, "add", "One"), RowResult(3, "add", "Two"))
BAD = (GOOD[0], RowResult(3, "refused", "Two", problems=(("title", "It is taken."),)))


def writer(rows):
    def write_rows() -> ImportResult:
        for row in rows:
            if row.outcome == "add":
                Organisation.objects.create(slug=row.title.lower(), name=row.title, kind="research", source="a test")
        return ImportResult.of(rows)

    return write_rows


def commit(rows, *, by, seen, submission=None):
    return commit_rows(
        writer(rows), by=by, action="test", fingerprint=seen, submission=submission, done=lambda result: by
    )


def test_a_preview_keeps_nothing_and_its_fingerprint_lets_the_rows_in_once():
    by, submission = UserFactory(), uuid4()
    seen = preview_rows(writer(GOOD), by=by)
    assert not seen.is_kept and not Organisation.objects.filter(source="a test").exists()
    kept = commit(GOOD, by=by, seen=seen.fingerprint, submission=submission)
    assert kept.is_kept and Organisation.objects.filter(source="a test").count() == 2
    assert commit(GOOD, by=by, seen=seen.fingerprint, submission=submission) is None


@pytest.mark.parametrize("rows", [BAD, GOOD])
def test_refused_rows_or_other_rows_than_shown_keep_nothing(rows):
    by = UserFactory()
    seen = ImportResult.of(BAD).fingerprint
    found = commit(rows, by=by, seen=seen)
    assert not found.is_kept and not Organisation.objects.filter(source="a test").exists()


def test_a_fingerprint_is_of_everything_that_is_shown():
    row = RowResult(2, "change", "One", changes=(("title", "a", "b"),))
    others = (
        replace(row, line=3),
        replace(row, outcome="add"),
        replace(row, title="Two"),
        replace(row, changes=(("title", "a", "c"),)),
        replace(row, problems=(("title", "No."),)),
    )
    assert len({ImportResult.of((each,)).fingerprint for each in (row, *others)}) == 6
    assert ImportResult.of((row,)) == ImportResult.of((replace(row),))


def test_reasons_are_of_lines_with_problems():
    assert ImportResult.of(BAD).reasons() == {3: "title: It is taken."}


def test_a_packed_table_comes_back_to_its_owner_alone():
    table = Table(("title",), (Row(2, ("One",)),), ("A sheet was not read.",))
    sent = {"table": pack(table, "xlsx", "milestones 1 2")}
    form = PackedForm(sent, owner="milestones 1 2", reader=lambda found: found.rows)
    assert form.is_valid() and (form.brought, form.kind, form.wishes) == (table, "xlsx", table.rows)
    for other in ("milestones 2 2", "indicators 1 2", "milestones 1 3"):
        assert not PackedForm(sent, owner=other).is_valid()


def test_nothing_sent_is_said_at_the_file():
    assert TableForm({}, {}).errors["file"] == ["Choose a .csv or .xlsx file."]

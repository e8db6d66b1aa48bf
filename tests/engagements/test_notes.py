"""Local notes: dated, sourced, plain; archived with a reason and never lost."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, InternalError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from atlas import queries
from atlas.models import City, LocalNote, LocalNoteEvent
from engagements.actions.notes import NoteRefused, add_note, archive_note
from engagements.seeding import seed
from tests.dashboards.records import HOSTILE
from tests.factories import portal

pytestmark = pytest.mark.django_db
DAY = datetime.date(2005, 8, 29)


@pytest.fixture
def city(tmp_path):
    found = portal.add_city()
    portal.build_maps(tmp_path, found)
    return found


@pytest.fixture
def ann():
    return get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", name="Ann")


def write(city, by, **changes):
    said = {"text": "The plant closed.", "happened_on": DAY, "precision": "day", "source": "The city's own record"}
    return add_note(city=city, by=by, **{**said, **changes})


def test_a_note_is_shown_with_its_date_and_source_and_without_a_name(city, ann):
    write(city, ann, text="  The plant closed. \r\n" + HOSTILE)
    (note,) = queries.local_notes("springfield")
    assert (note.happened_on, note.precision, note.came_along, note.tract_geoid) == (DAY, "day", False, "")
    shown = render_to_string("dashboards/_notes.html", {"notes": (note,)})
    assert "29 Aug 2005" in shown and "record" in shown and "&lt;script&gt;" in shown and "<script>" not in shown
    assert "Ann" not in shown and "ann@" not in shown


@pytest.mark.parametrize(
    ("precision", "kept"),
    [("day", DAY), ("month", datetime.date(2005, 8, 1)), ("year", datetime.date(2005, 1, 1))],
)
def test_what_is_known_of_the_date_is_kept_and_no_more(city, ann, precision, kept):
    assert write(city, ann, precision=precision).happened_on == kept


def test_a_note_may_be_of_one_tract_of_the_city(city, ann):
    note = write(city, ann, tract_geoid=portal.CITY_TRACTS[0])
    assert (note.tract_geoid, note.tract_vintage) == (portal.CITY_TRACTS[0], 2010)
    assert queries.local_notes("springfield")[0].tract_geoid == portal.CITY_TRACTS[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " \n "}, "The note is empty."),
        ({"text": "x" * 1001}, "The note has 1001 characters; 1000 fit."),
        ({"text": "a\x00b"}, "can't be seen"),
        ({"text": "a\u202eb"}, "can't be seen"),
        ({"source": ""}, "The source is empty."),
        ({"precision": "decade"}, "nothing else"),
        ({"happened_on": datetime.date(2999, 1, 1)}, "still to come"),
        ({"tract_geoid": "36055000200"}, "is no tract of Springfield"),
        ({"tract_geoid": "'; --"}, "is no tract of Springfield"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_sentence(city, ann, changes, said):
    with pytest.raises(NoteRefused, match=said):
        write(city, ann, **changes)
    assert not LocalNote.objects.exists() and not LocalNoteEvent.objects.exists()


def test_an_archived_note_is_off_the_pages_and_its_history_says_who_when_and_why(city, ann):
    bo = get_user_model().objects.create_user("bo@example.org", "quiet-Harbour-42")
    note = write(city, ann)
    archive_note(note=note, by=bo, reason="Wrong year")
    assert queries.local_notes("springfield") == ()
    events = list(note.events.values_list("kind", "by__email", "reason"))
    assert events == [("added", "ann@example.org", ""), ("archived", "bo@example.org", "Wrong year")]
    with pytest.raises(NoteRefused, match="already"):
        archive_note(note=note, by=bo, reason="Again")
    assert note.events.count() == 2


def test_archiving_needs_a_reason(city, ann):
    note = write(city, ann)
    with pytest.raises(NoteRefused, match="The reason is empty"):
        archive_note(note=note, by=ann, reason=" ")
    assert len(queries.local_notes("springfield")) == 1


def test_nobody_rewrites_the_history(city, ann):
    write(city, ann)
    for change in (lambda: LocalNoteEvent.objects.update(reason="x"), lambda: LocalNoteEvent.objects.all().delete()):
        with pytest.raises(InternalError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "}, {"text": "x" * 1001}, {"source": ""}, {"tract_geoid": "123", "tract_vintage": 2010},
        {"tract_geoid": "26163500100"}, {"tract_geoid": "26163500100", "tract_vintage": 2020},
        {"written_by": None}, {"archived_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
    ],
)  # fmt: skip
def test_the_database_keeps_the_promises_too(city, ann, wrong):
    fields = {"city": city, "text": "x", "source": "y", "happened_on": DAY, "written_by": ann, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalNote.objects.create(**fields)


def test_new_orleans_comes_with_the_note_of_2005_once(ann):
    for _ in range(2):
        seed()
    (note,) = queries.local_notes("new-orleans")
    assert (note.happened_on, note.precision, note.came_along) == (datetime.date(2005, 8, 1), "month", True)
    assert "where those children grew up, not as who lives there now" in note.text and len(note.text) <= 1000
    assert "August 2005" in render_to_string("dashboards/_notes.html", {"notes": (note,)})
    archive_note(note=LocalNote.objects.get(), by=ann, reason="The city wrote its own")
    seed()
    assert queries.local_notes("new-orleans") == () and LocalNote.objects.count() == 1
    assert City.objects.count() == 10


def test_many_notes_cost_one_query(city, ann):
    for _ in range(3):
        write(city, ann)
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.local_notes("springfield")) == 3
    assert len(seen) == 1

"""Notes of the public record, and who may add to them; actions are tested in test_actions."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from engagements.discussion.queries.notes import local_notes
from engagements.models import LocalNote
from engagements.seeds.initiative import seed

pytestmark = pytest.mark.django_db


def test_new_orleans_comes_with_the_note_of_2005_once(django_user_model):
    for _ in range(2):
        seed()
    (note,) = local_notes("new-orleans")
    assert "where those children grew up, not as who lives there now" in note.body and note.author_id is None
    shown = render_to_string("dashboards/panels/_notes.html", {"notes": (note,)})
    assert "Aug 29, 2005" in shown and "came with the portal" in shown
    by = django_user_model.objects.create_user("ann@example.org")
    LocalNote.objects.update(archived_at=timezone.now(), archived_by=by)
    seed()
    assert local_notes("new-orleans") == () and LocalNote.objects.count() == 1


def test_what_people_write_is_shown_as_text():
    seed()
    LocalNote.objects.update(body="<script>alert(1)</script>")
    shown = render_to_string("dashboards/panels/_notes.html", {"notes": local_notes("new-orleans")})
    assert "&lt;script&gt;" in shown and "<script>" not in shown


def test_the_note_stands_on_the_citys_page(client):
    seed()
    assert "Hurricane Katrina" in client.get("/cities/new-orleans/").content.decode()
    assert "Hurricane Katrina" not in client.get("/cities/tulsa/").content.decode()

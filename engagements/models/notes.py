"""What somebody from there knows about a city or a tract, with its date: public, signed and sourced."""

import pghistory
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person


@pghistory.track()
class LocalNote(Versioned, Archivable):
    """`tract_geoid` empty: about the whole city. `author` empty: of the public record."""

    city = models.ForeignKey("atlas.City", on_delete=models.PROTECT, related_name="local_notes")
    tract_geoid = models.CharField(max_length=11, blank=True, default="", help_text="Census 2010")
    began_on = models.DateField(help_text="when what it tells about happened or began")
    ended_on = models.DateField(null=True, blank=True)
    body = models.TextField(max_length=limits.LOCAL_NOTE)
    source = models.TextField(blank=True, default="")
    author = person(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [
            models.CheckConstraint(name="note_signed_or_sourced", condition=Q(author__isnull=False) | ~Q(source="")),
            models.CheckConstraint(name="note_tract", condition=Q(tract_geoid__regex=r"^([0-9]{11})?$")),
            models.CheckConstraint(
                name="note_ends_after_it_began", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on"))
            ),
            models.CheckConstraint(name="note_has_body", condition=~Q(body="")),
            paired("note_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

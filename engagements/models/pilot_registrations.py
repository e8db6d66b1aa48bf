"""The locked versions of a pilot's registration: a chain that is only added to."""

from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import person
from engagements.models.evidence import text_column
from engagements.models.pilot_promises import APPEND_ONLY, DRAW_CHANGED_AFTER_LOCK, before


class RegistrationVersion(models.Model):
    """One locked wording. `content`: canonical JSON, byte for byte; `sha256`: its fingerprint, checked by the database.

    Number 1 is the registration, later ones are amendments with a reason. The fingerprint is SHA-256 of the text, from
    version 2 on of the previous fingerprint, a line break and the text, as in `rules.canonical`.
    """

    pilot = models.ForeignKey("engagements.Pilot", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True, default="")
    locked_by = person()
    locked_at = models.DateTimeField()
    reason = text_column(limits.WHY)

    class Meta:
        ordering = ["pilot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "number"], name="pilot_registration_once"),
            models.CheckConstraint(
                name="pilot_registration_amended_with_reason",
                condition=Q(number=1, reason="", previous_sha256="")
                | Q(number__gt=1, reason__regex=r"\S") & ~Q(previous_sha256=""),
            ),
        ]
        triggers = [
            APPEND_ONLY,
            before(
                "registration_hash_of_content",
                """NEW.sha256 <> encode(sha256(convert_to(
                    CASE NEW.previous_sha256 WHEN '' THEN '' ELSE NEW.previous_sha256 || E'\\n' END || NEW.content,
                    'UTF8')), 'hex')
                    OR jsonb_typeof(NEW.content::jsonb) <> 'object'""",
                "The fingerprint is not that of the registration.",
            ),
            before(
                "registration_in_a_chain",
                """NEW.number <> 1 + (SELECT count(*) FROM engagements_registrationversion v
                        WHERE v.pilot_id = NEW.pilot_id)
                    OR NEW.previous_sha256 <> coalesce((SELECT v.sha256 FROM engagements_registrationversion v
                        WHERE v.pilot_id = NEW.pilot_id ORDER BY v.number DESC LIMIT 1), '')
                    OR EXISTS (SELECT 1 FROM engagements_registrationversion v
                        WHERE v.pilot_id = NEW.pilot_id AND v.locked_at > NEW.locked_at)""",
                "A version follows the one before it.",
            ),
            before(
                "registration_accepted_by_all",
                """NOT EXISTS (SELECT 1 FROM engagements_pilotcity c WHERE c.pilot_id = NEW.pilot_id)
                    OR EXISTS (SELECT 1 FROM engagements_pilotcity c
                        WHERE c.pilot_id = NEW.pilot_id AND c.accepted_at IS NULL)""",
                "Each city that takes part accepts before the registration is locked.",
            ),
            before(
                "registration_draw_stays",
                DRAW_CHANGED_AFTER_LOCK,
                "After the list is locked nothing that goes into the draw changes.",
            ),
            before(
                "registration_of_what_goes_on",
                "EXISTS (SELECT 1 FROM engagements_pilot p WHERE p.id = NEW.pilot_id"
                " AND (p.stopped_at IS NOT NULL OR p.archived_at IS NOT NULL))",
                "A pilot that was stopped or archived is not registered again.",
            ),
        ]

    def __str__(self):
        return f"{self.pilot_id}, version {self.number}"

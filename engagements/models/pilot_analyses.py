"""What was reckoned from a pilot's data, and the result that the public reads."""

import pgtrigger
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import NEVER_DELETED, person
from engagements.models.evidence import text_column
from engagements.models.pilot_promises import RESULT_NOT_AS_FOUND, before, protected_first


class PilotAnalysis(models.Model):
    """One run of one method on one delivery. `result`: a `Finding` as JSON, only when it is done.

    A failed or canceled run leaves no result. What is done never changes; another run is another row.
    """

    class Role(models.TextChoices):
        PRIMARY = "primary", "The registered analysis"
        SECONDARY = "secondary", "Secondary"
        EXPLORATORY = "exploratory", "Exploratory"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    pilot = models.ForeignKey("engagements.Pilot", on_delete=models.PROTECT, related_name="analyses")
    registration = models.ForeignKey(
        "engagements.RegistrationVersion", on_delete=models.PROTECT, related_name="analyses"
    )
    dataset = models.ForeignKey("engagements.PilotDataset", on_delete=models.PROTECT, related_name="analyses")
    role = models.CharField(max_length=11, choices=Role)
    method = models.CharField(max_length=limits.SHORT_NAME)
    look = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 for the first registered look")
    code_version = text_column(limits.SHORT_NAME)
    libraries = models.JSONField(default=dict, blank=True)
    seed = text_column(limits.SHORT_NAME)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent")
    result = models.JSONField(null=True, blank=True)
    reason = text_column(limits.LINE, help_text="why it failed or was canceled")
    asked_by = person()
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pilot", "-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot"], name="pilot_analysis_one_at_a_time", condition=Q(state__in=["queued", "running"])
            ),
            models.CheckConstraint(
                name="pilot_analysis_result_when_done",
                condition=Q(state="done", result__isnull=False) | ~Q(state="done") & Q(result=None),
            ),
            models.CheckConstraint(
                name="pilot_analysis_ended",
                condition=Q(state__in=["queued", "running"], ended_at=None)
                | Q(state="done", ended_at__isnull=False)
                | Q(state__in=["failed", "canceled"], ended_at__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(name="pilot_analysis_percent", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="pilot_analysis_role_declared", condition=Q(role__in=["primary", "secondary", "exploratory"])
            ),
        ]
        triggers = [
            NEVER_DELETED,
            protected_first("NEW.pilot_id", "NEW.asked_at"),
            before(
                "analysis_of_one_pilot",
                """NOT EXISTS (SELECT 1 FROM engagements_registrationversion v, engagements_pilotdataset s
                    WHERE v.id = NEW.registration_id AND v.pilot_id = NEW.pilot_id
                    AND s.id = NEW.dataset_id AND s.pilot_id = NEW.pilot_id AND s.deleted_at IS NULL)""",
                "An analysis reads the registration and the data of its own pilot, and data that are still there.",
            ),
            before(
                "analysis_done_stays",
                """OLD.state IN ('done', 'failed', 'canceled')
                    OR (NEW.pilot_id, NEW.registration_id, NEW.dataset_id, NEW.role, NEW.method, NEW.look,
                        NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM (OLD.pilot_id, OLD.registration_id,
                        OLD.dataset_id, OLD.role, OLD.method, OLD.look, OLD.asked_by_id, OLD.asked_at)""",
                "An analysis that ended stays as it is, and one that runs stays what was asked.",
                pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return f"{self.pilot_id}: {self.method}"


class PilotResult(models.Model):
    """The result that tells the world of a pilot. `analysis` is empty only for one that was stopped without data.

    The result's verdict, effect, interval and level are those of the analysis; the database compares them.
    """

    pilot = models.OneToOneField("engagements.Pilot", on_delete=models.PROTECT, related_name="pilot_result")
    result = models.OneToOneField("engagements.Result", on_delete=models.PROTECT, related_name="pilot_result")
    analysis = models.ForeignKey(
        PilotAnalysis, null=True, blank=True, on_delete=models.PROTECT, related_name="pilot_results"
    )
    made_by = person()
    made_at = models.DateTimeField()

    class Meta:
        triggers = [
            NEVER_DELETED,
            before(
                "result_as_found",
                RESULT_NOT_AS_FOUND,
                "The result of a pilot is of its own engagement and says what its analysis found.",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            before(
                "result_of_one_pilot",
                "(NEW.pilot_id, NEW.result_id) IS DISTINCT FROM (OLD.pilot_id, OLD.result_id)"
                " OR EXISTS (SELECT 1 FROM engagements_result r WHERE r.id = NEW.result_id AND r.status <> 'draft')",
                "A result stays with its pilot, and follows another analysis only as a draft.",
                pgtrigger.Update,
            ),
        ]

"""What a reviewer decided: the checklist as it was given, each answer, and the words the decision was about."""

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import person, refuse
from engagements.models.evidence import text_column

SUBJECTS = ("plan", "update", "value", "evidence", "result")

# Of an approval; that a lead approves a plan rests on the expert's checklist.
_INCOMPLETE = """
    NEW.outcome = 'approved' AND NOT (NEW.plan_id IS NOT NULL AND NEW.moved_to = 'approved')
    AND CASE WHEN jsonb_typeof(NEW.answers) <> 'array' THEN true
    WHEN jsonb_array_length(NEW.answers) = 0 THEN true
    ELSE EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.answers) a
        WHERE jsonb_typeof(a) <> 'object' OR coalesce(a->>'statement', '') = ''
        OR coalesce(a->>'answer', '') NOT IN ('yes', 'no')
        OR (a->>'answer' = 'no' AND (btrim(coalesce(a->>'words', '')) = '' OR coalesce(a->>'must', '') = 'true'))) END
"""
_BY_ITS_WRITER = """
    NEW.outcome = 'approved' AND (
        EXISTS (SELECT 1 FROM engagements_indicatorvalue v WHERE v.id = NEW.value_id
            AND v.entered_by_id = NEW.decided_by_id)
        OR EXISTS (SELECT 1 FROM engagements_evidencerow e WHERE e.id = NEW.evidence_id
            AND e.written_by_id = NEW.decided_by_id)
        OR EXISTS (SELECT 1 FROM engagements_result r WHERE r.id = NEW.result_id
            AND r.written_by_id = NEW.decided_by_id))
"""


def _one_subject() -> Q:
    each = (Q(**{f"{name}__isnull": name != kept for name in SUBJECTS}) for kept in SUBJECTS)
    return reduce(or_, each)


def _subject(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        f"engagements.{model}", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )


class ReviewDecision(models.Model):
    """One decision about one thing, kept for good.

    `answers`: list of {key, statement, must, answer, words}: the points as they were given, whatever the list says
    later. `content`: list of {section, key, label, value, is_text}, the fields as they were read; what is reviewed next
    is compared with it. `seen_version`: of the thing, before it moved to `moved_to`.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        SENT_BACK = "sent_back", "Sent back"

    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = _subject("Plan")
    update = _subject("QuarterlyUpdate")
    value = _subject("IndicatorValue")
    evidence = _subject("EvidenceRow")
    result = _subject("Result")
    outcome = models.CharField(max_length=9, choices=Outcome)
    moved_to = models.CharField(max_length=9, help_text="the status it led to")
    seen_version = models.PositiveIntegerField()
    checklist_version = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=list, blank=True)
    content = models.JSONField(default=list, blank=True)
    open_comments = models.PositiveSmallIntegerField(default=0, help_text="not settled when it was decided")
    why = text_column(limits.WHY)
    decided_by = person()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(name="decision_about_one_thing", condition=_one_subject()),
            models.CheckConstraint(name="decision_outcome_known", condition=Q(outcome__in=["approved", "sent_back"])),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="checklist_is_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=refuse(
                    "decision_checklist_is_whole",
                    f"({_INCOMPLETE})",
                    "Each point needs an answer, and a no needs a sentence.",
                ),
            ),
            pgtrigger.Trigger(
                name="decided_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=refuse("decision_by_another", f"({_BY_ITS_WRITER})", "Who wrote it does not approve it."),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} by {self.decided_by}"

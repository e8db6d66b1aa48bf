"""What all editable things share: a version that only the database raises, and archive instead of delete."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements.limits import LARGEST_NUMBER

_ENDS = (("gte", -LARGEST_NUMBER), ("lte", LARGEST_NUMBER))

BUMP_VERSION = pgtrigger.Trigger(
    name="bump_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
    func="NEW.version = OLD.version + 1; RETURN NEW;",
)

NEVER_DELETED = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def person(null: bool = False, related_name: str = "+", **options) -> models.ForeignKey:
    """Somebody who did something: people are deactivated, never deleted under their work."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name=related_name, null=null, blank=null, **options
    )


class Versioned(models.Model):
    """`version` counts every change, also by bulk and raw SQL: the trigger BUMP_VERSION must be in `Meta.triggers`."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Archivable(models.Model):
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = person(null=True)

    class Meta:
        abstract = True


def paired(name: str, at: str, by: str) -> models.CheckConstraint:
    """When and by whom are known together or not at all."""
    both = Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return models.CheckConstraint(name=name, condition=both | Q(**{f"{at}__isnull": True, f"{by}__isnull": True}))


def within_limits(name: str, *fields: str) -> models.CheckConstraint:
    """Float columns within ± LARGEST_NUMBER where they are not null; "Infinity" and "NaN" are beyond it too."""
    within = {f"{field}__{lookup}": end for field in fields for lookup, end in _ENDS}
    return models.CheckConstraint(name=name, condition=Q(**within))


def refuse(name: str, test: str, sentence: str) -> str:
    """A trigger's body that raises a check violation called `name` where the SQL `test` holds."""
    assert "'" not in sentence and "%" not in sentence
    return f"""
        IF {test} THEN
            RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END IF;
        RETURN NEW;
    """


def decided(subject: str, by: str, to: str, unless: str = "false") -> pgtrigger.Trigger:
    """On the table of `subject`: it gets the status `to` only with an approval of the version that was read.

    `by`: column of who decides; `unless`: SQL of the rows nobody wrote here. Rows that are inserted with that
    status came with the portal or from a table of results, and have their own rules.
    """
    return pgtrigger.Trigger(
        name="decided_with_a_checklist",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Q(new__status=to),
        func=refuse(
            f"{subject}_decided_with_a_checklist",
            f"OLD.status NOT IN ('{to}', 'locked') AND NOT ({unless}) AND NOT EXISTS ("  # noqa: S608 - our own words
            f"SELECT 1 FROM engagements_reviewdecision d WHERE d.{subject}_id = NEW.id AND d.outcome = 'approved'"
            f" AND d.moved_to = '{to}' AND d.seen_version = OLD.version AND d.decided_by_id = NEW.{by}_id)",
            "Nobody answered the checklist for this version.",
        ),
    )

"""Duties in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.duties.rules import Duty, DutyKind

# What a portfolio calls them: a count stands before each.
KIND_LABELS = {
    DutyKind.UPDATE: gettext_lazy("Quarterly updates not started"),
    DutyKind.INDICATOR: gettext_lazy("Indicator values due"),
    DutyKind.RESULT: gettext_lazy("Results not recorded"),
    DutyKind.OWNER: gettext_lazy("Milestones without an owner"),
    DutyKind.SILENT: gettext_lazy("Milestones never updated"),
}


def title_of(duty: Duty, *, only: tuple[int, ...] | None = None) -> str:
    """One line for a list of tasks. `only`: those of its subjects that are meant."""
    number = len(duty.subjects if only is None else only)
    if duty.kind is DutyKind.UPDATE:
        year, quarter = duty.subjects
        return _("Q%(quarter)s %(year)s update not started") % {"quarter": quarter, "year": year}
    if duty.kind is DutyKind.INDICATOR:
        return _("Value due: %(name)s") % {"name": duty.name}
    if duty.kind is DutyKind.RESULT:
        return _("Result not recorded")
    if duty.kind is DutyKind.OWNER:
        if duty.name:
            return _("Owner missing: %(name)s") % {"name": duty.name}
        return ngettext("%(number)s milestone has no owner", "%(number)s milestones have no owner", number) % {
            "number": number
        }
    if duty.name:
        return _("Never updated: %(name)s") % {"name": duty.name}
    return ngettext("%(number)s milestone never updated", "%(number)s milestones never updated", number) % {
        "number": number
    }

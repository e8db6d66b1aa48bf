"""A result as its page shows it: facts in words, and what a correction changed."""

from datetime import date

from django.utils.translation import gettext as _

from atlas.formatting.dates import format_day
from engagements.models import ReplyLink
from engagements.results.queries.drafts import Publication
from engagements.results.records import Arm, ResultFields, Source
from engagements.results.rules import LinkEnd, size_words
from engagements.verdicts import DESIGNS, VERDICTS, Design, Verdict


def result_facts(fields: ResultFields) -> list[tuple[str, str]]:
    """(label, words) of the effect and how it was found; what is not known is said or left out."""
    found = [
        (_("Outcome"), fields.outcome),
        (_("Effect"), size_words(fields) or _("No size published")),
        (_("As the source words it"), fields.size_in_words if fields.effect is not None else ""),
        (_("Size worded by"), fields.size_source),
        (_("Margin of error"), _margin(fields)),
        (_("Design"), _design(fields)),
        (_("What was tried"), fields.tried),
        (_("Against what"), fields.against),
        (_("In all groups"), f"{fields.participants:,}" if fields.participants is not None else ""),
        (_("Better is"), _("more") if fields.wanted == "more" else _("less")),
        (_("Measured"), _period(fields.measured_from, fields.measured_to)),
        (_("Reported"), reported_when(fields)),
        (_("What the source concludes"), fields.authors_conclusion),
        (_("Where sources differ"), fields.conflict),
    ]
    return [(label, words) for label, words in found if words]


def correction_lines(publication: Publication) -> list[tuple[str, str, str]]:
    """(field, before, after) in words."""
    names = field_labels()
    return [
        (names.get(name, name), _words(before, name), _words(after, name))
        for name, before, after in publication.changes
    ]


def why_link_ended(why: LinkEnd, link: ReplyLink) -> str:
    """One sentence, and what to do."""
    if why is LinkEnd.REVOKED and link.revoked_at:
        day = format_day(link.revoked_at.date())
        return _("This link was withdrawn on %(day)s. Ask whoever sent it for a new one.") % {"day": day}
    if why is LinkEnd.USED and link.used_at:
        day = format_day(link.used_at.date())
        return _("A reply was given with this link on %(day)s, and it works once. Write to whoever sent it.") % {
            "day": day
        }
    if why is LinkEnd.EXPIRED:
        day = format_day(link.request.due_on)
        return _("This link was good until %(day)s, when the reply was due. Write to whoever sent it.") % {"day": day}
    if why is LinkEnd.FORWARDED:
        return _("This link is for an organization without an account, and you are signed in. Sign out to use it.")
    if why is LinkEnd.ANSWERED:
        return _("A reply to this sentence is here already. Write to whoever sent the link to change it.")
    if why is LinkEnd.CHANGED:
        return _("The sentence was changed after this link was sent. You will be asked about the new one.")
    return _("On this portal replies are not given by link. Write to whoever sent it.")


def field_labels() -> dict[str, str]:
    return {
        "finding": _("Finding"),
        "outcome": _("Outcome"),
        "tried": _("What was tried"),
        "design": _("Design"),
        "sources": _("Sources"),
        "arms": _("Groups"),
        "effect": _("Effect"),
        "low": _("Interval, lower end"),
        "high": _("Interval, upper end"),
        "level": _("Level of the interval"),
        "unit": _("Unit"),
        "size_in_words": _("Size in words"),
        "size_source": _("Source of the size"),
        "reported_precision": _("How exactly it is known"),
        "no_interval_reason": _("Why there is no interval"),
        "reach_number": _("Reach"),
        "reach_unit": _("What is counted"),
        "reach_words": _("About the reach"),
        "context": _("Context"),
        "conflict": _("Where sources differ"),
        "cost_usd": _("Cost in dollars"),
        "reported_by": _("Who reports it"),
        "reported_on": _("Reported on"),
        "authors_conclusion": _("What the source concludes"),
        "what_happened_next": _("What happened next"),
        "verdict": _("Our verdict"),
        "participants": _("Number in all groups"),
        "against": _("Against what"),
    }


def reported_when(fields: ResultFields) -> str:
    """As exactly as the source says it: "Mar 3, 2019", "March 2019", "2019"."""
    if fields.reported_on is None:
        return ""
    if fields.reported_precision == "month":
        return f"{fields.reported_on:%B %Y}"
    return str(fields.reported_on.year) if fields.reported_precision == "year" else format_day(fields.reported_on)


def _margin(fields: ResultFields) -> str:
    if fields.low is not None:
        return ""  # stands with the effect
    return fields.no_interval_reason or _("Not published")


def _design(fields: ResultFields) -> str:
    label = DESIGNS[Design(fields.design)]
    return f"{label}: {fields.design_words}" if fields.design_words else label


def _period(first: date | None, last: date | None) -> str:
    days = [format_day(day) for day in (first, last) if day]
    return _(" to ").join(days)


def _words(value: object, name: str) -> str:
    if value in (None, "", ()):
        return _("nothing")
    if isinstance(value, tuple):
        return "; ".join(_part(one) for one in value if isinstance(one, Source | Arm))
    if name == "design":
        return DESIGNS[Design(str(value))]
    if name == "verdict":
        return VERDICTS[Verdict(str(value))].label
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_day(value)
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _part(part: Source | Arm) -> str:
    """A source or a group, with everything that is filled in."""
    return ", ".join(str(value) for name, value in vars(part).items() if name != "kind" and value not in (None, ""))

"""A result as its page shows it: facts in words, and what a correction changed."""

from datetime import date

from django.utils.translation import gettext as _

from atlas.formatting.dates import format_day
from engagements.models import ReplyLink
from engagements.results.queries.drafts import Publication
from engagements.results.queries.words import field_labels, value_words
from engagements.results.records import ResultFields
from engagements.results.rules.replies import LinkEnd
from engagements.results.rules.sentences import size_words
from engagements.verdicts import DESIGNS, Design


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
        (names.get(name, name), value_words(before, name), value_words(after, name))
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

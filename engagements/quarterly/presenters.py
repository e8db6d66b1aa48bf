"""A quarter's log as the first words of an update, and why a link is closed, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.dates import format_day, format_period
from atlas.formatting.money import format_dollars
from engagements.models import UpdateLink
from engagements.models.ledger import Stage
from engagements.quarterly.queries.log import DatedLine, QuarterLog
from engagements.quarterly.rules import Closed


def first_words(log: QuarterLog) -> dict[str, str]:
    """By part of an update. What was learned is nobody's to begin but the writer's."""
    did = []
    if log.done:
        did.append(_("Milestones done:") + "\n" + _lines(log.done))
    if log.values:
        lines = (f"- {row.name}: {row.words} ({format_period(row.starts, row.ends)})" for row in log.values)
        did.append(_("Measured:") + "\n" + "\n".join(lines))
    if log.money:
        lines = (f"- {Stage(row.stage).label}: {format_dollars(row.amount)}" for row in log.money)
        did.append(_("Money recorded in the quarter:") + "\n" + "\n".join(lines))
    if log.hours:
        words = ngettext(
            "Time worked: %(hours)s hours by %(people)s person.",
            "Time worked: %(hours)s hours by %(people)s people.",
            log.people,
        )
        did.append(words % {"hours": f"{log.hours.normalize():f}", "people": log.people})
    changed = []
    if log.decisions:
        changed.append(_("Decided:") + "\n" + _lines(log.decisions))
    if log.moved:
        lines = (
            _("- %(title)s: now due %(day)s (%(reason)s)")
            % {"title": row.title, "day": format_day(row.new), "reason": row.reason.lower()}
            for row in log.moved
        )
        changed.append(_("Dates that moved:") + "\n" + "\n".join(lines))
    need = []
    if log.late:
        lines = (_("- %(title)s, due %(day)s") % {"title": row.text, "day": format_day(row.on)} for row in log.late)
        need.append(_("Late, and what would help:") + "\n" + "\n".join(lines))
    return {
        "what_we_did": "\n\n".join(did),
        "what_we_learned": "",
        "what_we_changed": "\n\n".join(changed),
        "what_we_need": "\n\n".join(need),
    }


def _lines(rows: tuple[DatedLine, ...]) -> str:
    return "\n".join(f"- {row.text} ({format_day(row.on)})" for row in rows)


def why_closed(closed: Closed, link: UpdateLink | None) -> str:
    """One sentence, and what to do."""
    if closed is Closed.OFF:
        return _("On this portal an update is written after signing in. Sign in to write it.")
    if closed is Closed.REVOKED and link is not None and link.revoked_at:
        return _("This link was withdrawn on %(day)s. Sign in to write the update.") % {
            "day": format_day(link.revoked_at.date())
        }
    if closed is Closed.USED and link is not None and link.used_at:
        return _("This link was used on %(day)s to send the update in, and works once. Sign in to change it.") % {
            "day": format_day(link.used_at.date())
        }
    if closed is Closed.EXPIRED and link is not None:
        return _("This link was good for 7 days, until %(day)s. Sign in to write the update.") % {
            "day": format_day(link.expires_at.date())
        }
    if closed is Closed.FORWARDED:
        return _("This link was sent to someone else, and you are signed in. Ask for a link or a role of your own.")
    if closed is Closed.ROLE_ENDED:
        return _("The role this link was sent for has ended. Ask the initiative’s lead who writes the update now.")
    return _("The update of this quarter was sent in already. Sign in to read or change it.")

"""Values that wait: a person accepts or refuses each, with a reason."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from atlas.formatting.dates import format_period
from engagements import limits
from engagements.access.feeds import reading_for
from engagements.access.roles import permissions_in
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import lock
from engagements.feeds.actions.indicator_values import Signature, put_value, values_there
from engagements.feeds.actions.ledger_entries import post_reading
from engagements.models import FeedReading, Notification, User
from engagements.permissions import APPROVE_INDICATOR

State = FeedReading.State


def decide(*, reading: int, accept: bool, reason: str, by: User, now: datetime) -> FeedReading:
    """Once, and with a reason. Accepted by a lead who does not own the feed it is approved; by others it goes to
    review, as a value they typed.

    Raises NotFound, ValidationError by field.
    """
    seen = reading_for(by, reading)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: it stays with the value.")})
    if len(reason) > limits.WHY:
        raise ValidationError({"reason": _("At most {count} letters.").format(count=limits.WHY)})
    with audited_transaction(by, reason):
        feed = lock(seen.feed)
        row = lock(seen)
        if row.state != State.WAITING:
            raise ValidationError(
                _("Someone decided this already: it is {state}.").format(state=row.get_state_display().lower())
            )
        if accept and feed.indicator is not None:
            indicator = lock(feed.indicator)
            there = values_there(indicator).get((row.period_start, row.period_end))
            approves = APPROVE_INDICATOR in permissions_in(by, feed.engagement_id) and by.pk != feed.owner_id
            signature = Signature(feed.owner if approves else by, by if approves else None, now)
            row.indicator_value = put_value(indicator, row, there, signature)
        elif accept:
            row.entry = post_reading(feed, row, by, now)
        row.state = State.ACCEPTED if accept else State.REFUSED
        row.decided_by, row.decided_at, row.reason = by, now, reason
        row.save(update_fields=["state", "decided_by", "decided_at", "reason", "indicator_value", "entry"])
        period = format_period(row.period_start, row.period_end)
        verb = "accepted" if accept else "refused"
        add_activity(by=by, now=now, verb=verb, thing=feed, engagement_id=feed.engagement_id, line=period, why=reason)
        if not accept:
            words = _("Refused: {name}, {period}. {reason}").format(name=feed.name, period=period, reason=reason)
            notify(
                [feed.owner_id],
                Notification.Kind.CHANGE,
                thing=feed,
                engagement=feed.engagement_id,
                line=words,
                by=by,
                now=now,
            )
    return row

"""Making, changing, trusting, pausing and archiving feeds."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from atlas.fetching.addresses import find_private_host, parse_address
from atlas.fetching.errors import FetchError
from engagements.access.engagements import engagement_for
from engagements.access.feeds import editable_feed_for, feed_for
from engagements.access.plans import indicator_for
from engagements.access.roles import people_with
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.base.erasures import record_erasure
from engagements.feeds.actions.checking import plan_now
from engagements.feeds.actions.secrets import VARIABLE, encrypt
from engagements.feeds.rules.answers import FeedProblem
from engagements.feeds.rules.mapping import NAMES
from engagements.feeds.rules.requests import PUSH, find_secret_in_address, request_address
from engagements.models import Feed, FeedSecret, FeedStatus, IndicatorValue, User
from engagements.models.ledger import Stage
from engagements.money.queries.choices import funders_of
from engagements.permissions import APPROVE_INDICATOR, EDIT_INDICATOR, EDIT_MONEY

FIELDS = ("kind", "address", "query", "columns", "cadence", "owner")
WHAT_IS_READ = frozenset({"kind", "address", "query", "columns", "cadence"})  # who trusted it looked at these
LEDGER_COLUMNS = {"date", "value", "key", "description"}


def bind_indicator(
    *,
    indicator: int,
    fields: dict[str, Any],
    by: User,
    now: datetime,
    secret: str = "",
    variable: str = "",
    submission: UUID | None = None,
) -> Feed:
    """`fields` of FIELDS, owner by id (its maker without one). Raises NotFound, ValidationError by field."""
    bound = indicator_for(by, indicator, EDIT_INDICATOR)
    feed = Feed(
        engagement=bound.engagement, indicator=bound, name=bound.name, is_fictional=bound.is_fictional, owner=by
    )
    return _make(feed, fields, by, now, secret, variable, submission)


def bind_ledger_line(
    *,
    engagement: int | str,
    stage: str,
    funder: int,
    fields: dict[str, Any],
    by: User,
    now: datetime,
    plan: int | None = None,
    secret: str = "",
    variable: str = "",
    submission: UUID | None = None,
) -> Feed:
    """Rows become entries of this stage and funder. Raises NotFound, ValidationError by field."""
    within = engagement_for(by, engagement, EDIT_MONEY)
    if stage not in Stage.values:
        raise ValidationError({"stage": _("Choose a stage.")})
    source = funders_of(within.initiative_id, within.city_id).filter(pk=funder).first()
    if source is None:
        raise ValidationError({"funder": _("Choose one of this initiative’s funders, or the city itself.")})
    feed = Feed(
        engagement=within,
        stage=stage,
        funder=source,
        plan_id=plan,
        name=f"{Stage(stage).label}, {source}"[:150],
        is_fictional=within.is_fictional,
        owner=by,
    )
    return _make(feed, fields, by, now, secret, variable, submission)


def prepare(feed: Feed, fields: dict[str, Any]) -> Feed:
    """An unsaved feed with `fields` and where it asks checked: for a look before it is kept, columns may be missing.

    Raises ValidationError by field.
    """
    _set(feed, fields)
    if problems := _check_source(feed):
        raise ValidationError(problems)
    return feed


def change_feed(
    *,
    feed: int,
    changes: dict[str, Any],
    expected_version: int,
    by: User,
    now: datetime,
    secret: str | None = None,
    variable: str = "",
) -> Feed:
    """What is read changes: whoever trusted it has to look again. `secret` None: the one that is there stays, unless
    the feed now asks another host; "" takes it away.

    Raises NotFound, Conflict, ValidationError by field.
    """
    seen = editable_feed_for(by, feed)
    with audited_transaction(by):
        row = lock(seen)
        host = urlsplit(row.address).hostname
        wanted = {name: value for name, value in changes.items() if name in FIELDS}
        if "owner" in wanted:
            wanted["owner"] = _owner(seen, wanted["owner"])
        differs = {n for n in wanted if n in WHAT_IS_READ and wanted[n] != getattr(row, n)}
        if differs:
            wanted |= {"defined_by": by, "defined_at": now, "trusted_by": None, "trusted_at": None}
        elif row.trusted_by_id and wanted.get("owner") is not None and wanted["owner"].pk == row.trusted_by_id:
            wanted |= {"trusted_by": None, "trusted_at": None}
        done = change(row, wanted, expected_version, check=lambda names: _check(row))
        moved = urlsplit(row.address).hostname != host
        if secret is not None or variable or moved:
            _keep_secret(row, secret or "", variable, by, now)
        if differs:
            plan_now(row, now)
        if done:
            told = {name: change for name, change in done.items() if name in ("kind", "cadence", "owner")}
            add_activity(by=by, now=now, verb="changed", thing=row, engagement_id=row.engagement_id, changes=told)
    return row


def trust_feed(*, feed: int, expected_version: int, by: User, now: datetime) -> Feed:
    """Its values are approved as they come, and those that came already, once and by somebody else than who defined or
    owns it.

    Raises NotFound, Conflict, ValidationError.
    """
    seen = feed_for(by, feed, APPROVE_INDICATOR)
    with audited_transaction(by):
        row = lock(seen)
        if by.pk in (row.defined_by_id, row.owner_id):
            raise ValidationError(_("You defined or own this feed: someone else approves it."))
        change(row, {"trusted_by": by, "trusted_at": now}, expected_version)
        came = IndicatorValue.objects.filter(readings__feed=row, readings__state="taken", status="in_review")
        waiting = IndicatorValue.objects.select_for_update().filter(pk__in=came.values("pk"), entered_by=row.owner_id)
        waiting.filter(archived_at=None).update(status="approved", approved_by=by, approved_at=now)
        plan_now(row, now)
        add_activity(by=by, now=now, verb="approved", thing=row, engagement_id=row.engagement_id)
    return row


def pause_feed(*, feed: int, expected_version: int, by: User, now: datetime) -> Feed:
    """It isn't asked, and pushes are refused, until it is resumed. Raises NotFound, Conflict."""
    return _move(feed, {"paused_by": by, "paused_at": now}, "paused", expected_version, by, now)


def resume_feed(*, feed: int, expected_version: int, by: User, now: datetime) -> Feed:
    row = _move(feed, {"paused_by": None, "paused_at": None}, "resumed", expected_version, by, now)
    plan_now(row, now)
    return row


def archive_feed(*, feed: int, expected_version: int, by: User, now: datetime, why: str) -> Feed:
    """It ends; its values stay, and are entered by hand from now on. Raises NotFound, Conflict, ValidationError."""
    if not why.strip():
        raise ValidationError({"why": _("Say why: it stays in the history.")})
    seen = editable_feed_for(by, feed)
    with audited_transaction(by, why):
        row = _move(feed, {"archived_by": by, "archived_at": now}, "archived", expected_version, by, now, why)
        FeedStatus.objects.filter(feed=seen).update(next_at=None)
        _forget_secret(seen)
        seen.keys.filter(revoked_at=None).update(revoked_by=by, revoked_at=now)
    return row


def _make(
    feed: Feed, fields: dict[str, Any], by: User, now: datetime, secret: str, variable: str, submission: UUID | None
) -> Feed:
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_feed", submission)
        if claimed.object_id:
            return Feed.objects.get(pk=claimed.object_id)
        _set(feed, fields)
        feed.defined_by, feed.defined_at = by, now
        _check(feed)
        try:
            with transaction.atomic():
                feed.save(force_insert=True)
        except IntegrityError as twice:
            if "feed_one_of_indicator" not in str(twice):
                raise
            raise ValidationError(_("This indicator has a feed already. Change or archive that one.")) from twice
        FeedStatus.objects.create(feed=feed, next_at=None if feed.kind == PUSH else now)
        if secret or variable:
            _keep_secret(feed, secret, variable, by, now)
        add_activity(by=by, now=now, verb="added", thing=feed, engagement_id=feed.engagement_id)
        complete_idempotent(claimed, feed)
    return feed


def _move(
    feed: int, wanted: dict[str, Any], verb: str, expected_version: int, by: User, now: datetime, why: str = ""
) -> Feed:
    seen = editable_feed_for(by, feed)
    with audited_transaction(by, why):
        row = lock(seen)
        if change(row, wanted, expected_version):
            add_activity(by=by, now=now, verb=verb, thing=row, engagement_id=row.engagement_id, why=why)
    return row


def _set(feed: Feed, fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValidationError(_("A feed has no {names}.").format(names=", ".join(sorted(unknown))))
    for name, value in fields.items():
        if name == "owner":
            feed.owner = _owner(feed, value)
        elif name == "columns":
            feed.columns = {str(n): str(column).strip() for n, column in (value or {}).items() if column}
        else:
            setattr(feed, name, value.strip() if isinstance(value, str) else value)
    if feed.kind == PUSH:
        feed.address = feed.query = ""


def _owner(feed: Feed, pk: int | User | None) -> User:
    permission = EDIT_INDICATOR if feed.indicator_id else EDIT_MONEY
    wanted = pk.pk if isinstance(pk, User) else pk
    found = people_with(feed.engagement, permission).filter(pk=wanted).first() if wanted else feed.owner
    if found is None:
        raise ValidationError({"owner": _("The owner is someone who may enter these values.")})
    return found


def _check_source(feed: Feed) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    try:
        validate(feed, {"kind", "address", "query", "cadence"} - ({"address"} if feed.kind == PUSH else set()))
    except ValidationError as refused:
        problems = dict(refused.message_dict)
    if "kind" not in problems and "cadence" not in problems and feed.kind != PUSH and "address" not in problems:
        if sentence := check_address(feed):
            problems["address"] = [sentence]
        elif find_secret_in_address(feed.address, feed.query):
            problems["address"] = [_("A token does not belong into the address: everyone in the team reads it.")]
        else:
            try:
                request_address(feed.kind, feed.address, feed.query)
            except FeedProblem as wrong:
                field = "query" if "query" in wrong.sentence else "address"
                problems[field] = [f"{wrong.sentence} {wrong.advice}".strip()]
    return problems


def _check(feed: Feed) -> None:
    problems = _check_source(feed) | _check_columns(feed)
    if feed.indicator and not feed.indicator.no_interval_reason.strip() and not feed.columns.get("low"):
        problems.setdefault("columns", []).append(
            _("Values of this indicator need their interval: choose its two ends, or say why there is none.")
        )
    if problems:
        raise ValidationError(problems)


def check_address(feed: Feed) -> str:
    """What is wrong with where it asks, in one sentence; "" where nothing is. Asks the name server."""
    try:
        host = parse_address(feed.address).hostname or ""
        if host not in settings.FEED_PRIVATE_HOSTS and find_private_host(feed.address):
            return _("{host} lies in a private network. Only addresses of the internet are asked.").format(host=host)
    except FetchError as wrong:
        return f"{str(wrong)[:1].upper()}{str(wrong)[1:]}."
    return "" if len(feed.address) <= 500 and not any(c.isspace() for c in feed.address) else _("This is no address.")


def _check_columns(feed: Feed) -> dict[str, list[str]]:
    allowed = set(NAMES) if feed.indicator_id else LEDGER_COLUMNS
    columns = feed.columns
    if not isinstance(columns, dict) or set(columns) - allowed:
        return {"columns": [_("Columns are named for: {names}.").format(names=", ".join(sorted(allowed)))]}
    if any(len(column) > 200 for column in columns.values()):
        return {"columns": [_("The name of a column has at most 200 letters.")]}
    if not columns.get("date"):
        return {"columns": [_("Choose the column of the date.")]}
    if not columns.get("value") and not (columns.get("numerator") and columns.get("denominator")):
        return {"columns": [_("Choose the column of the value, or of numerator and denominator.")]}
    if not feed.indicator_id and not columns.get("key"):
        return {"columns": [_("Choose the column with the number of each entry: by it none is taken twice.")]}
    if bool(columns.get("low")) != bool(columns.get("high")):
        return {"columns": [_("An interval has two ends. Choose both columns or neither.")]}
    if bool(columns.get("numerator")) != bool(columns.get("denominator")):
        return {"columns": [_("Choose numerator and denominator, or neither.")]}
    if feed.indicator and columns.get("numerator") and feed.indicator.unit != "share":
        return {"columns": [_("Only a share has a numerator and a denominator.")]}
    return {}


def _forget_secret(feed: Feed) -> None:
    for kept in FeedSecret.objects.filter(feed=feed):
        record_erasure(kept)
        kept.delete()


def _keep_secret(feed: Feed, secret: str, variable: str, by: User, now: datetime) -> None:
    secret, variable = secret.strip(), variable.strip()
    if secret and variable:
        raise ValidationError({"secret": _("Give the token or the name of a variable, not both.")})
    if variable and not VARIABLE.match(variable):
        raise ValidationError({"variable": _("The name begins with FEED_TOKEN_, in capital letters.")})
    if len(secret) > 500 or any(ord(c) < 33 or ord(c) > 126 for c in secret):
        raise ValidationError({"secret": _("A token has at most 500 letters and signs, and no spaces.")})
    _forget_secret(feed)
    if secret or variable:
        encrypted = encrypt(secret) if secret else ""
        FeedSecret.objects.create(feed=feed, encrypted=encrypted, variable=variable, set_by=by, set_at=now)

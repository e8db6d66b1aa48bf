"""The page of a pilot's data: what came in, under which agreement, what is gone, and what may come."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.access.pilots import agreements_of, deletable_datasets, team_pilots
from engagements.access.roles import permissions_in
from engagements.models import DataAgreement, Pilot, PilotDataset, User
from engagements.permissions import EDIT_PILOT, UPLOAD_PILOT_DATA
from engagements.pilots.queries.deliveries import plan_of_data, ready_for_data
from engagements.pilots.queries.feed_series import why_no_feed
from engagements.pilots.rules.data_columns import Column, DataKind, data_columns
from engagements.pilots.rules.registration import Registration


@dataclass(frozen=True)
class DatasetShown:
    """`people`: (name of the arm, people measured) as the limit allows; None is hidden. `only_sums`: see `Released`."""

    pk: int
    number: int
    is_rows: bool
    row_count: int
    people: tuple[tuple[str, int | None], ...]
    only_sums: bool
    notes: tuple[str, ...]
    file_sha256: str
    content_sha256: str
    agreement: str
    delete_on: date | None
    feed: str
    vintages: tuple[tuple[str, str], ...]
    uploaded_by: str
    uploaded_at: datetime
    deleted_at: datetime | None
    deleted_why: str
    may_delete: bool


@dataclass(frozen=True)
class DataPage:
    """`problem`: why nothing may come in now, "" where it may. `columns`: by kind of file."""

    pilot: Pilot
    plan: Registration | None
    problem: str
    may_upload: bool
    may_agree: bool
    datasets: tuple[DatasetShown, ...]
    agreements: tuple[DataAgreement, ...]
    counts: tuple[Column, ...]
    rows: tuple[Column, ...]
    no_feed: str


def data_page(user: User, pilot: Pilot, now: datetime) -> DataPage:
    """Of a pilot that was fetched for somebody of its team."""
    plan = plan_of_data(pilot)
    problem = ""
    try:
        ready_for_data(pilot, now)
    except ValidationError as refused:
        problem = " ".join(refused.messages)
    rows = pilot.datasets.select_related("agreement", "feed", "uploaded_by").order_by("-number")
    cities = pilot.cities.filter(accepted_at__isnull=False).values("engagement")
    agreements = agreements_of(user).filter(engagement__in=cities).select_related("engagement__city", "document")
    deletable = set(deletable_datasets(user, UPLOAD_PILOT_DATA).filter(pilot=pilot).values_list("pk", flat=True))
    return DataPage(
        pilot=pilot,
        plan=plan,
        problem=problem,
        may_upload=team_pilots(user, UPLOAD_PILOT_DATA).filter(pk=pilot.pk).exists(),
        may_agree=EDIT_PILOT in permissions_in(user, pilot.engagement_id),
        datasets=tuple(_shown(row, plan, may_delete=row.pk in deletable) for row in rows),
        agreements=tuple(agreements.order_by("title", "pk")),
        counts=data_columns(plan, DataKind.AGGREGATES) if plan else (),
        rows=data_columns(plan, DataKind.ROWS) if plan else (),
        no_feed=why_no_feed(plan) if plan else "",
    )


def _shown(row: PilotDataset, plan: Registration | None, *, may_delete: bool) -> DatasetShown:
    names = {arm.key: arm.name for arm in plan.arms} if plan else {}
    feeds = row.checks.get("feeds", {})
    return DatasetShown(
        pk=row.pk,
        number=row.number,
        is_rows=row.kind == PilotDataset.Kind.ROWS,
        row_count=row.row_count,
        people=tuple((names.get(key, key), count) for key, count in _by_arm(row)),
        only_sums=row.checks.get("only_sums", False),
        notes=tuple(row.checks.get("notes", ())),
        file_sha256=row.file_sha256,
        content_sha256=row.content_sha256,
        agreement=row.agreement.title if row.agreement else "",
        delete_on=row.agreement.delete_on if row.agreement else None,
        feed=row.feed.name if row.feed else "",
        vintages=tuple((names.get(arm, arm), _vintages(one["vintages"])) for arm, one in sorted(feeds.items())),
        uploaded_by=row.uploaded_by.name or _("Someone"),
        uploaded_at=row.uploaded_at,
        deleted_at=row.deleted_at,
        deleted_why=row.deleted_why,
        may_delete=may_delete,
    )


def _by_arm(row: PilotDataset) -> list[tuple[str, int | None]]:
    """Margins by arm as they were released when the data came, else sums that are large enough."""
    lines = row.checks.get("released", {}).get("people", [])
    found: dict[str, int | None] = {}
    for key, *places, count in lines:
        if key is not None and (set(places) == {None} or set(places) <= {""}):
            found[key] = count
    return sorted(found.items())


def _vintages(by_period: dict[str, int | None]) -> str:
    """ "3, 4": the numbers of the vintages, each once; values that somebody typed have none."""
    return ", ".join(str(number) for number in sorted({one for one in by_period.values() if one is not None}))

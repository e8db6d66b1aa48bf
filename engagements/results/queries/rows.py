"""Rows as the fields people write, and what a check of them needs from the database."""

from datetime import date

from django.db.models import Min

from engagements.models import Engagement, Participation, Project, Result, SearchRecord
from engagements.results.records import (
    PARTS,
    PROJECT_COLUMNS,
    RESULT_COLUMNS,
    ProjectFields,
    ResultFields,
    SearchFields,
    read_arms,
    read_sources,
)


def fields_of(row: Result) -> ResultFields:
    """Of a row, or of an event of its history."""
    values = {name: getattr(row, name) for name in RESULT_COLUMNS if name not in ("project", *PARTS)}
    if values["cost_usd"] is not None:
        values["cost_usd"] = float(values["cost_usd"])
    return ResultFields(**values, project=row.project_id, arms=read_arms(row.arms), sources=read_sources(row.sources))


def project_fields(row: Project) -> ProjectFields:
    return ProjectFields(**{name: getattr(row, name) for name in PROJECT_COLUMNS})


def search_fields(row: SearchRecord) -> SearchFields:
    return SearchFields(row.project_id, row.searched_by, row.what, row.places, row.searched_on)


def began_on(engagement: Engagement) -> date | None:
    """When the initiative began in this city: its first status on record or its own start. One statement."""
    first: date | None = Participation.objects.filter(engagement_id=engagement.pk).aggregate(day=Min("began_on"))["day"]
    days = [day for day in (first, engagement.starts_on) if day is not None]
    return min(days, default=None)

"""Organizations, projects and dated milestones of the public record; only adds what is missing."""

import tomllib
from pathlib import Path

import pghistory

from engagements.models import Engagement, Initiative, Milestone, Organisation, Partnership

# What an organization is to the whole initiative, by its kind.
_PARTS = {"funder": "funder", "adviser": "adviser", "research": "data and research"}


def seed_record(path: Path) -> None:
    """Inside a transaction, after the initiative's cities are there."""
    record = tomllib.loads(path.read_text("utf-8"))
    initiative = Initiative.objects.get(slug=record["initiative"])
    within = {row.city.slug: row for row in initiative.engagements.select_related("city")}
    with pghistory.context(why="public record"):
        _seed_organizations(initiative, within, record["organisation"])
        for entry in record["project"]:
            _seed_project(within[entry["city"]], entry)
        _seed_milestones(within, record["milestone"])


def _seed_organizations(initiative: Initiative, within: dict[str, Engagement], entries: list[dict]) -> None:
    known = {row.slug: row for row in Organisation.objects.all()}
    missing = [entry for entry in entries if entry["slug"] not in known]
    for row in Organisation.objects.bulk_create(
        Organisation(
            slug=entry["slug"],
            name=entry["name"],
            kind=entry["kind"],
            source=entry["source"],
            city=within[entry["city"]].city if entry["kind"] == "city_government" else None,
        )
        for entry in missing
    ):
        known[row.slug] = row
    Partnership.objects.bulk_create(
        Partnership(
            organisation=known[entry["slug"]],
            initiative=initiative,
            engagement=within[entry["city"]] if "city" in entry else None,
            part=entry.get("part") or _PARTS[entry["kind"]],
            source=entry["source"],
        )
        for entry in missing
    )


def _seed_project(engagement: Engagement, entry: dict) -> None:
    """What somebody wrote since stays."""
    if engagement.project:
        return
    engagement.project, engagement.project_source = entry["project"], entry["source"]
    engagement.known_result = entry.get("known_result", "")
    engagement.known_result_source = entry.get("known_result_source", "")
    engagement.save(update_fields=["project", "project_source", "known_result", "known_result_source"])


def _seed_milestones(within: dict[str, Engagement], entries: list[dict]) -> None:
    """Archived ones are not brought back."""
    there = set(Milestone.objects.exclude(source="").values_list("engagement_id", "title"))
    Milestone.objects.bulk_create(
        Milestone(
            engagement=within[city],
            title=entry["title"],
            stage=entry["stage"],
            status="done",
            started_on=entry.get("started_on"),
            done_on=entry["done_on"],
            precision=entry["precision"],
            source=entry["source"],
            position=position,
        )
        for position, entry in enumerate(entries)
        for city in entry["cities"]
        if (within[city].pk, entry["title"]) not in there
    )

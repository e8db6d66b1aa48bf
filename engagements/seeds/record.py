"""Organizations, projects and dated milestones of the public record: adds what is missing, corrects what still stands
as it was shipped."""

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
        _seed_organizations(initiative, within, record["organisation"], record.get("partnership", []))
        for entry in record["project"]:
            _seed_project(within[entry["city"]], entry)
        _seed_milestones(within, record["milestone"])


def _seed_organizations(
    initiative: Initiative, within: dict[str, Engagement], entries: list[dict], more: list[dict]
) -> None:
    """Organizations of the record follow it: nobody edits them here."""
    known = {row.slug: row for row in Organisation.objects.all()}
    for entry in entries:
        city = within[entry["city"]].city if entry["kind"] == "city_government" else None
        wanted = {"name": entry["name"], "kind": entry["kind"], "source": entry["source"], "city_id": city and city.pk}
        known[entry["slug"]] = _follow(known.get(entry["slug"]) or Organisation(slug=entry["slug"]), wanted)
    there = {
        (row.organisation_id, row.engagement_id): row
        for row in Partnership.objects.filter(initiative=initiative, is_fictional=False)
    }
    for entry in (*entries, *more):
        organisation = known[entry["slug"]]
        engagement = within[entry["city"]] if "city" in entry else None
        row = there.get((organisation.pk, engagement.pk if engagement else None)) or Partnership(
            organisation=organisation, initiative=initiative, engagement=engagement
        )
        _follow(row, {"part": entry.get("part") or _PARTS[entry["kind"]], "source": entry["source"]})


def _follow(row, wanted: dict[str, object]):
    """Saves the row where it is new or differs."""
    if row.pk is None or any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
    return row


def _seed_project(engagement: Engagement, entry: dict) -> None:
    """What somebody wrote since stays; `was` is an earlier text of the record."""
    wanted: dict[str, str] = {}
    if engagement.project in ("", entry.get("was")):
        wanted |= {"project": entry["project"], "project_source": entry["source"]}
    changed = [name for name, value in wanted.items() if getattr(engagement, name) != value]
    for name in changed:
        setattr(engagement, name, wanted[name])
    if changed:
        engagement.save(update_fields=changed)


def _seed_milestones(within: dict[str, Engagement], entries: list[dict]) -> None:
    """Archived ones are not brought back; `was`: what the record said before, corrected where it still stands so."""
    for entry in entries:
        if "was" in entry:
            for row in Milestone.objects.filter(
                engagement__in=[within[city].pk for city in entry["cities"]], title=entry["title"], **entry["was"]
            ):
                _follow(row, {name: entry[name] for name in entry["was"]})
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

"""The public record of an initiative into the database; run at every start, changes only what differs."""

import tomllib
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from atlas.models import City
from engagements.models import Engagement, Initiative, LocalNote, Participation
from engagements.seeds.evidence import seed_evidence
from engagements.seeds.record import seed_record
from engagements.seeds.results import seed_results

SEEDS = Path(__file__).parent / "initiatives"


@transaction.atomic
def seed(folder: Path = SEEDS) -> int:
    """Cities, engagements, statuses and the record's details from every .toml of `folder`. Returns how many cities.

    A city that exists keeps what people changed since; only what is missing is added.
    """
    count = 0
    for path in sorted(folder.glob("*.toml")):
        record = tomllib.loads(path.read_text("utf-8"))
        initiative, _ = Initiative.objects.get_or_create(
            slug=record["initiative"]["slug"],
            defaults={key: record["initiative"][key].strip() for key in ("name", "summary", "source")},
        )
        if "pledge" in record:
            _seed_pledge(initiative, record["pledge"])
        if initiative.summary == record["initiative"].get("summary_was", "").strip():  # as it was shipped before
            initiative.summary = record["initiative"]["summary"].strip()
            initiative.save(update_fields=["summary"])
        for entry in record["city"]:
            _seed_city(initiative, entry, record["shared"])
            count += 1
        details = folder / "records" / path.name
        if details.exists():
            seed_record(details)
        results = folder / "results" / path.name
        if results.exists():
            seed_results(results)
    seed_evidence()
    return count


def _seed_pledge(initiative: Initiative, entry: dict) -> None:
    """Once: what somebody changed or took away since stays."""
    if initiative.pledge is not None or initiative.version > 1:
        return
    initiative.pledge = Decimal(entry["amount"])
    initiative.pledge_on, initiative.pledge_precision = entry["announced_on"], entry["precision"]
    initiative.pledge_source, initiative.pledge_note = entry["source"].strip(), entry["note"].strip()
    initiative.save(update_fields=["pledge", "pledge_on", "pledge_precision", "pledge_source", "pledge_note"])


def _seed_city(initiative: Initiative, entry: dict, shared: list[dict]) -> None:
    fields = ("slug", "name", "state_name", "state_usps", "longitude", "latitude")
    city, _ = City.objects.get_or_create(
        place_geoid=entry["place_geoid"], defaults={field: entry[field] for field in fields}
    )
    for note in entry.get("note", []):
        _seed_note(city, note)
    engagement, made = Engagement.objects.get_or_create(
        initiative=initiative, city=city, defaults={"theme": entry["theme"], "slug": f"{city.slug}-{initiative.slug}"}
    )
    statuses = [s for s in shared if entry["finished"] or not s.get("only_finished")] + entry.get("status", [])
    if not made:
        for s in statuses:  # what people entered stays; what the record said follows it
            mine = engagement.participations.filter(status=s["status"], began_on=s["began_on"], entered_by=None)
            mine.exclude(source=s["source"].strip()).update(source=s["source"].strip())
        return
    Participation.objects.bulk_create(
        Participation(
            engagement=engagement,
            status=s["status"],
            began_on=s["began_on"],
            precision=s["precision"],
            source=s["source"].strip(),
        )
        for s in statuses
    )


def _seed_note(city: City, entry: dict) -> None:
    """Once: a note of the record that was archived or mended since stays as people left it."""
    if LocalNote.objects.filter(city=city, began_on=entry["began_on"], author=None).exists():
        return
    body, source = entry["body"].strip(), entry["source"].strip()
    LocalNote.objects.create(city=city, began_on=entry["began_on"], body=body, source=source, created_at=timezone.now())

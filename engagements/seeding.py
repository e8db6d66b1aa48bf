"""The public record of an initiative into the database; run at every start, changes only what differs."""

import tomllib
from pathlib import Path

from django.db import transaction

from atlas.models import City, LocalNote, LocalNoteEvent
from engagements.models import Engagement, Initiative, Participation

SEEDS = Path(__file__).parent / "seeds"


@transaction.atomic
def seed(folder: Path = SEEDS) -> int:
    """Cities, their engagements and dated statuses from every .toml of `folder`. Returns how many cities it holds.

    A city that exists keeps what people changed since; only what is missing is added.
    """
    count = 0
    for path in sorted(folder.glob("*.toml")):
        record = tomllib.loads(path.read_text("utf-8"))
        initiative, _ = Initiative.objects.get_or_create(
            slug=record["initiative"]["slug"],
            defaults={key: record["initiative"][key].strip() for key in ("name", "summary", "source")},
        )
        for entry in record["city"]:
            _seed_city(initiative, entry, record["shared"])
            count += 1
    return count


def _seed_city(initiative: Initiative, entry: dict, shared: list[dict]) -> None:
    fields = ("slug", "name", "state_name", "state_usps", "longitude", "latitude")
    city, _ = City.objects.get_or_create(
        place_geoid=entry["place_geoid"], defaults={field: entry[field] for field in fields}
    )
    for note in entry.get("note", []):
        _seed_note(city, note)
    engagement, made = Engagement.objects.get_or_create(
        initiative=initiative, city=city, defaults={"theme": entry["theme"]}
    )
    if not made:
        return
    statuses = [s for s in shared if entry["finished"] or not s.get("only_finished")] + entry.get("status", [])
    Participation.objects.bulk_create(
        Participation(
            engagement=engagement, status=s["status"], began_on=s["began_on"], precision=s["precision"],
            source=s["source"].strip(),
        )
        for s in statuses
    )  # fmt: skip


def _seed_note(city: City, entry: dict) -> None:
    """Once: a note that was archived since stays archived."""
    fields = {key: entry[key] for key in ("happened_on", "precision")}
    fields |= {key: entry[key].strip() for key in ("text", "source")}
    note, made = LocalNote.objects.get_or_create(seed_key=entry["key"], defaults={"city": city, **fields})
    if made:
        LocalNoteEvent.objects.create(note=note, kind=LocalNoteEvent.Kind.ADDED)

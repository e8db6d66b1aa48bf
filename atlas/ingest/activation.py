"""The flip: one transaction makes another release answer. Only here is anything live changed."""

from django.db import transaction
from django.utils import timezone

from atlas.ingest import history, locks, overlays
from atlas.ingest.tracts import add_to_universe, stored_names
from atlas.models import Boundary, LivePart, Release
from atlas.sources.base import EstimateTable
from atlas.sources.recognise import Parsed

_PARTS_NAMED = 20  # in an event; a state's file has hundreds


class NothingToRollBack(Exception):
    """Says why in a sentence for a person."""


@transaction.atomic
def activate(
    release: Release,
    parsed: Parsed | None = None,
    *,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    reason: str = "",
) -> tuple[int | None, tuple[str, ...]]:
    """Flips `release` live. Returns (release it replaced, slugs of cities whose tracts were worked out anew).

    Each part remembers the release that answered before, for rollback; retired ones nobody remembers are deleted.
    """
    locks.hold_until_commit(locks.DATASET, release.dataset)
    parts = parts_of(release)
    before = dict(LivePart.objects.filter(dataset=release.dataset, part__in=parts).values_list("part", "release_id"))
    replaced = sorted(set(before.values()) - {release.pk}, reverse=True)
    _answer(release.dataset, dict.fromkeys(parts, release.pk))
    if release.level == Release.Level.TRACT and parts == [""]:
        add_to_universe(parsed if isinstance(parsed, EstimateTable) else stored_names(release))
    cities = overlays.remap_cities(parts, release.level) if parts != [""] else ()
    history.record(
        history.Kind.ACTIVATED, dataset=release.dataset, release=release, by=by, via=via, reason=reason,
        replaced=replaced, parts=parts[:_PARTS_NAMED], part_count=len(parts),
    )  # fmt: skip
    history.settle_jobs(release, "done", f"live as release {release.pk}")
    release.refresh_from_db()
    return (replaced[0] if replaced else None), cities


@transaction.atomic
def roll_back(
    dataset: str,
    *,
    part: str = "",
    seen: int | None = None,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    reason: str = "",
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Lets the releases kept for `dataset` answer again. Returns (their ids, slugs of cities worked out anew).

    `part` names one county or place of a boundary data set. `seen` is the release to take back, with all its
    parts: when it has stopped answering meanwhile, nothing happens. Raises NothingToRollBack.
    """
    locks.hold_until_commit(locks.DATASET, dataset)
    live = LivePart.objects.filter(dataset=dataset, **({"part": part} if part or seen is None else {}))
    live = list(live.filter(release_id=seen) if seen is not None else live)
    if seen is not None and not live:
        raise NothingToRollBack(f"Release {seen} is not live any more: somebody was quicker. Nothing was changed.")
    if not live:
        raise NothingToRollBack("Nothing is live there, so there is nothing to roll back.")
    back = {row.part: row.previous_id for row in live if row.previous_id}
    if not back:
        raise NothingToRollBack("No earlier release was kept, so there is nothing to roll back to.")
    leaving = {row.release_id: row.release for row in live if row.part in back}
    _answer(dataset, back)
    cities = overlays.remap_cities(sorted(back), live[0].release.level) if set(back) != {""} else ()
    restored = sorted(set(back.values()), reverse=True)
    for release in leaving.values():
        history.record(
            history.Kind.ROLLED_BACK, dataset=dataset, release=release, by=by, via=via, reason=reason,
            restored=restored, parts=sorted(back)[:_PARTS_NAMED], part_count=len(back),
        )  # fmt: skip
    return tuple(restored), cities


def parts_of(release: Release) -> list[str]:
    """What a release answers for: counties or places of its polygons, "" for a table."""
    return sorted(Boundary.objects.filter(release=release).values_list("part", flat=True).distinct()) or [""]


def _answer(dataset: str, answers: dict[str, int]) -> None:
    """Each part is answered by the release named; who answered before is remembered beside it."""
    now = timezone.now()
    before = {row.part: row for row in LivePart.objects.filter(dataset=dataset, part__in=answers)}

    def previous(part: str, release: int) -> int | None:
        row = before.get(part)
        if row is None:
            return None
        return row.release_id if row.release_id != release else row.previous_id

    LivePart.objects.bulk_create(
        [LivePart(dataset=dataset, part=p, release_id=r, previous_id=previous(p, r)) for p, r in answers.items()],
        update_conflicts=True, unique_fields=["dataset", "part"], update_fields=["release", "previous"],
    )  # fmt: skip
    ours = Release.objects.filter(dataset=dataset)
    # Also for one that was live for other parts: what is remembered hangs on the time of the last flip.
    ours.filter(pk__in=set(answers.values())).update(status="live", activated_at=now, retired_at=None)
    ours.filter(status="live").exclude(live_parts__isnull=False).update(status="retired", retired_at=now)
    ours.filter(status="retired", kept_for__isnull=True).delete()

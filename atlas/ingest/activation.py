"""The flip: one transaction makes another release answer. Only here is anything live changed."""

import numpy as np
from django.db import transaction
from django.utils import timezone

from atlas import vectors
from atlas.ingest import areas, drawings, history, locks, overlays, universe
from atlas.ingest.report import MeasureChange
from atlas.models import Boundary, LivePart, MapFeature, OccupationWage, Release, TractRelation
from atlas.sources.base import EstimateTable, ParsedFile
from atlas.sources.us_outline import counties_2010

_MAX_PARTS_LISTED = 20  # in an event; a state's file has hundreds


class NothingToRollBack(Exception):
    """Says why in a sentence for a person."""


@transaction.atomic
def activate(
    release: Release,
    parsed: ParsedFile | None = None,
    *,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    reason: str = "",
    changes: tuple[MeasureChange, ...] = (),
) -> tuple[int | None, tuple[str, ...]]:
    """Flips `release` live. Returns (release it replaced, slugs of cities whose tracts were recalculated).

    `changes` is its comparison with what it replaces: the history keeps the largest for good, also once neither
    release is there any more.

    Each part remembers the release that answered before, for rollback; retired ones nobody remembers are deleted,
    and so is a sample: nobody goes back from published figures to generated ones.
    """
    locks.lock_until_commit(locks.DATASET, release.dataset)
    parts = release_parts(release)
    before = dict(LivePart.objects.filter(dataset=release.dataset, part__in=parts).values_list("part", "release_id"))
    replaced = sorted(set(before.values()) - {release.pk}, reverse=True)
    replaced_sample = Release.objects.filter(pk__in=replaced, is_sample=True).exists()
    _set_live_parts(release.dataset, dict.fromkeys(parts, release.pk))
    if release.level == Release.Level.TRACT:
        _extend_universe(release, parsed)
    cities = _rebuild_maps(parts, release.level)
    history.record_event(
        history.Kind.ACTIVATED,
        dataset=release.dataset,
        release=release,
        by=by,
        via=via,
        reason=reason,
        replaced=replaced,
        parts=parts[:_MAX_PARTS_LISTED],
        part_count=len(parts),
        **history.corrections(changes, sample_before=replaced_sample),
    )
    history.settle_jobs(release, "done", f"in use as version {release.pk}")
    release.refresh_from_db()
    kept = sorted(Release.objects.filter(pk__in=replaced).values_list("pk", flat=True), reverse=True)
    return (kept[0] if kept else None), cities


def _extend_universe(release: Release, parsed: ParsedFile | None) -> None:
    """What a file adds to the list of tracts; a whole list makes its states known. The sample adds to no list."""
    names: tuple[str, ...] = ()
    if (relation := TractRelation.objects.filter(release=release).first()) is not None:
        found = listed = np.unique(np.frombuffer(relation.old, "<i8"))
    elif codes := list(Boundary.objects.filter(release=release).values_list("geoid", flat=True)):
        found = listed = _complete_states(np.array(codes, dtype=np.int64))
    else:
        _, found = vectors.index(release.pk)
        listed = found if universe.is_national_list(found) else found[:0]
        names = _tract_names(release, parsed, found)
    if found.size:
        universe.add_tracts(found, release.vintage, names, is_sample=release.is_sample)
    if any(names):
        drawings.forget_all()
    if listed.size and not release.is_sample:
        universe.mark_states_complete(listed, release.vintage)


def _tract_names(release: Release, parsed: ParsedFile | None, geoids: np.ndarray) -> tuple[str, ...]:
    """Of the file while it is at hand; of the release itself when it waited for a decision."""
    if isinstance(parsed, EstimateTable):
        return parsed.names
    kept = vectors.labels(release.pk)
    return tuple(kept.get(code, "") for code in geoids.tolist()) if kept else ()


def _complete_states(geoids: np.ndarray) -> np.ndarray:
    """The tracts of those states of which every county of 2010 is there: a state's own boundary file."""
    held = {f"{code:05d}" for code in np.unique(geoids // 10**6).tolist()}
    whole = [s for s in {c[:2] for c in held} if {c for c in counties_2010() if c[:2] == s} <= held]
    return np.sort(geoids[np.isin(geoids // 10**9, [int(state) for state in whole])])


@transaction.atomic
def roll_back(
    dataset: str,
    *,
    part: str = "",
    expected_release: int | None = None,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    reason: str = "",
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Lets the releases kept for `dataset` answer again. Returns (their ids, slugs of cities recalculated).

    `part` names one county or place of a boundary data set. `expected_release` is the release to take back, with all
    its parts: when it has stopped answering meanwhile, nothing happens. Raises NothingToRollBack.
    """
    locks.lock_until_commit(locks.DATASET, dataset)
    parts = LivePart.objects.filter(dataset=dataset, **({"part": part} if part or expected_release is None else {}))
    live = list(parts.filter(release_id=expected_release) if expected_release is not None else parts)
    if expected_release is not None and not live:
        raise NothingToRollBack(
            f"File version {expected_release} is no longer in use: someone else was quicker. Nothing was changed."
        )
    if not live:
        raise NothingToRollBack("Nothing is in use there, so there is nothing to roll back.")
    back = {row.part: row.previous_id for row in live if row.previous_id}
    if not back:
        raise NothingToRollBack("No earlier release was kept, so there is nothing to roll back to.")
    leaving = {row.release_id: row.release for row in live if row.part in back}
    _set_live_parts(dataset, back)
    cities = _rebuild_maps(sorted(back), live[0].release.level)
    restored = sorted(set(back.values()), reverse=True)
    for release in leaving.values():
        history.record_event(
            history.Kind.ROLLED_BACK,
            dataset=dataset,
            release=release,
            by=by,
            via=via,
            reason=reason,
            restored=restored,
            parts=sorted(back)[:_MAX_PARTS_LISTED],
            part_count=len(back),
            **history.undone_corrections(release),
        )
    return tuple(restored), cities


def _rebuild_maps(parts: list[str], level: str) -> tuple[str, ...]:
    """Cities whose tracts were recalculated because boundaries were flipped; areas' maps are drawn again too."""
    if set(parts) == {""} or level in (Release.Level.MAP, Release.Level.METRO):
        return ()
    areas.rebuild_maps(parts)
    return overlays.rebuild_cities(parts, level)


def release_parts(release: Release) -> list[str]:
    """What a release answers for: counties or places of polygons, the state or county of a layer, the areas of wages,
    "" for any other table.
    """
    if release.level == Release.Level.METRO:
        return sorted(OccupationWage.objects.filter(release=release).values_list("area", flat=True).distinct())
    rows = MapFeature.objects if release.level == Release.Level.MAP else Boundary.objects
    return sorted(rows.filter(release=release).values_list("part", flat=True).distinct()) or [""]


def _set_live_parts(dataset: str, answers: dict[str, int]) -> None:
    """Each part is answered by the release named; who answered before is remembered beside it."""
    now = timezone.now()
    rows = LivePart.objects.filter(dataset=dataset, part__in=answers).select_related("release")
    before = {row.part: row for row in rows}

    def previous(part: str, release: int) -> int | None:
        row = before.get(part)
        if row is None or row.release.is_sample:
            return None
        return row.release_id if row.release_id != release else row.previous_id

    LivePart.objects.bulk_create(
        [LivePart(dataset=dataset, part=p, release_id=r, previous_id=previous(p, r)) for p, r in answers.items()],
        update_conflicts=True,
        unique_fields=["dataset", "part"],
        update_fields=["release", "previous"],
    )
    ours = Release.objects.filter(dataset=dataset)
    # Also for one that was live for other parts: what is remembered hangs on the time of the last flip.
    ours.filter(pk__in=set(answers.values())).update(status="live", activated_at=now, retired_at=None)
    ours.filter(status="live").exclude(live_parts__isnull=False).update(status="retired", retired_at=now)
    ours.filter(status="retired", kept_for__isnull=True).delete()

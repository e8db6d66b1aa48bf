"""Makes a starter set of the publishers' files in a folder: the same files and date give the same bytes. Pure.

Parquet has the version of pyarrow in it, so another version gives other bytes of the same values.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.sources import boundaries, table_reader
from atlas.sources.base import BoundaryTable, DatasetInfo, EstimateTable, ParsedFile, no_progress
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.opening import OpenedFile, open_file
from atlas.starter import outlines, tables
from atlas.starter.errors import StarterSetError
from atlas.starter.licenses import UNCLEAR, find_permission
from atlas.starter.manifest import MANIFEST, LeftOut, Original, StarterFile, StarterSet, read_manifest, write_manifest

MAX_BYTES = 6_000_000  # of the whole set: it comes with every copy of the project
_AS_TEXT_ROWS = 1_000  # tables up to here stay as published
# Income at p25, and children and incomes of 2000 that say how much each tract counts.
_OF_THE_HEADLINE = ("kfr_pooled_pooled_p25", "kid_pooled_pooled_n", "hhinc_mean2000")
_SAME_OUTLINES = "another file has the same tracts or places, or they lie outside the counties of the set's places"


@dataclass(frozen=True)
class _Input:
    """A file that a source reads."""

    opened: OpenedFile
    parsed: ParsedFile

    @property
    def info(self) -> DatasetInfo:
        return self.parsed.dataset

    def as_original(self) -> Original:
        return Original(self.opened.path.name, self.opened.packed_bytes, self.opened.sha256())

    def left_out(self, reason: str) -> LeftOut:
        return LeftOut(self.opened.path.name, self.info.title, self.info.publisher, reason)


def make_starter_set(paths: Iterable[Path], folder: Path, made_on: date) -> StarterSet:
    """Writes the set into `folder` (made if absent), in place of the one there.

    Raises SourceFileError for a broken file, StarterSetError when two files hold one data set, when a written file does
    not read as its original, or when the set grows beyond MAX_BYTES.
    """
    inputs = sorted(_read_all(paths), key=lambda found: (_import_order(found.parsed), found.info.key))
    left_out = [i.left_out(UNCLEAR) for i in inputs if find_permission(i.info.publisher) is None]
    inputs = [i for i in inputs if find_permission(i.info.publisher) is not None]
    _check_one_file_per_table(inputs)
    folder.mkdir(parents=True, exist_ok=True)
    _delete_set(folder)
    files: list[StarterFile] = []
    named: set[int] = set()
    maps = [i for i in inputs if isinstance(i.parsed, BoundaryTable)]
    drawn: list[StarterFile] | None = None
    for found in inputs:
        if not isinstance(found.parsed, BoundaryTable):
            files.append(_write_table(found, folder, named))
        elif drawn is None:
            drawn, without = _write_maps(maps, folder)
            files += drawn
            left_out += without
    made = StarterSet(made_on, tuple(files), tuple(sorted(left_out, key=lambda entry: entry.name)))
    if made.byte_count > MAX_BYTES:
        raise StarterSetError(f"the set has {made.byte_count:,} bytes; {MAX_BYTES:,} are the most that may be shipped")
    write_manifest(folder, made)
    return made


def _read_all(paths: Iterable[Path]) -> Iterator[_Input]:
    for path in paths:
        try:
            opened = open_file(path)
            yield _Input(opened, detect_source(opened).read(no_progress))
        except UnknownFormat:
            continue  # notes and lists beside the data


def _import_order(parsed: ParsedFile) -> int:
    """What a city's headline and map need comes first: incomes, children to weight them with, outlines."""
    if isinstance(parsed, BoundaryTable):
        return 2
    if parsed.dataset.level == "percentile":
        return 0
    if not isinstance(parsed, EstimateTable):
        return 4
    if parsed.dataset.level != "tract":
        return 1
    return 1 if any(slug.startswith(_OF_THE_HEADLINE) for slug in parsed.slugs) else 3


def _check_one_file_per_table(inputs: list[_Input]) -> None:
    seen: dict[str, str] = {}
    for found in inputs:
        if isinstance(found.parsed, BoundaryTable):
            continue
        name, key = found.opened.path.name, found.info.key
        if key in seen:
            raise StarterSetError(f"{seen[key]} and {name} both hold '{found.info.title}'; leave one of them out")
        seen[key] = name


def _delete_set(folder: Path) -> None:
    """The files of the set that was there, by its manifest: nothing else is touched."""
    before = read_manifest(folder)
    for file in before.files if before else ():
        (folder / file.name).unlink(missing_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)


def _write_table(found: _Input, folder: Path, named: set[int]) -> StarterFile:
    if isinstance(found.parsed, EstimateTable) and found.parsed.rows_kept > _AS_TEXT_ROWS and _has_header(found):
        path = folder / f"{found.info.key}.parquet"
        header = table_reader.read_header(found.opened)
        kept = tables.write_parquet(found.opened, header, found.parsed, path, named)
    else:
        path = folder / f"{found.info.key}.csv.gz"
        with found.opened.raw_stream() as stream:
            path.write_bytes(gzip.compress(stream.read(), 9, mtime=0))
        kept = f"all {found.parsed.rows_kept:,} rows, every byte as in the original"
    return _describe(path, found.info, found.parsed.rows_kept, kept, (found.as_original(),))


def _has_header(found: _Input) -> bool:
    """A table by percentile may come without one, so it stays as it is: it has 101 rows."""
    return found.info.level != "percentile"


def _write_maps(maps: list[_Input], folder: Path) -> tuple[list[StarterFile], list[LeftOut]]:
    """The places of all files in one file, and the tracts of their counties in another."""
    places, of_place = _collect(maps, boundaries.PLACES.key)
    tracts, of_tract = _collect(maps, boundaries.TRACTS.key)
    if not places or not tracts:
        raise StarterSetError("a starter set needs outlines of places and of their tracts")
    counties = outlines.counties_of(places, tracts)
    tracts = {code: feature for code, feature in tracts.items() if feature.part in counties}
    simple_places, simple_tracts, meters = outlines.simplify(places, tracts)
    kept = (
        f"outlines simplified to within about {meters:.0f} m and rounded to {outlines.DECIMALS} decimals of a degree; "
        "which tracts a place has is the same as with the full outlines"
    )
    written = []
    for info, features, shapes, keys, origin in (
        (boundaries.TRACTS, tracts, simple_tracts, ("STATEFP", "COUNTYFP", "TRACTCE"), of_tract),
        (boundaries.PLACES, places, simple_places, ("STATEFP", "PLACEFP"), of_place),
    ):
        path = folder / f"{info.key}.geojson.gz"
        outlines.write_outlines(path, features, shapes, keys)
        used = {origin[code].opened.path: origin[code] for code in sorted(features)}
        originals = tuple(found.as_original() for found in used.values())
        written.append(_describe(path, info, len(features), f"{len(features):,} {kept}", originals))
    made_of = {origin.opened.path for origin in [*map(of_tract.get, tracts), *map(of_place.get, places)] if origin}
    return written, [m.left_out(_SAME_OUTLINES) for m in maps if m.opened.path not in made_of]


def _collect(maps: list[_Input], key: str) -> tuple[outlines.Features, dict[str, _Input]]:
    """(features by GEOID, the file of each); where several files have one, the file with the fewest gives it."""
    features: outlines.Features = {}
    origin: dict[str, _Input] = {}
    ordered = sorted((m for m in maps if m.info.key == key), key=lambda m: (m.parsed.rows_kept, m.opened.path.name))
    for found in ordered:
        assert isinstance(found.parsed, BoundaryTable), "maps are boundary tables"
        for feature in found.parsed.features:
            features.setdefault(feature.geoid, feature)
            origin.setdefault(feature.geoid, found)
    return features, origin


def _describe(path: Path, info: DatasetInfo, rows: int, kept: str, originals: tuple[Original, ...]) -> StarterFile:
    data = path.read_bytes()
    permission = find_permission(info.publisher)
    assert permission is not None, "files without a permission were left out before"
    return StarterFile(
        name=path.name,
        byte_count=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        dataset=info.key,
        title=info.title,
        publisher=info.publisher,
        license=permission.license,
        license_basis=permission.basis,
        citation=info.citation,
        vintage=info.vintage,
        addresses=info.addresses,
        rows=rows,
        kept=kept,
        originals=originals,
    )

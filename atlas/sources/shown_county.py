"""County downloads of opportunityatlas.org: `cty`, a name, and all subgroups side by side in one file.

Keys are `cty` and five digits. Values are `{stem}_r{race}_g{gender}_p{percentile}`, each with a second column of the
same name and a suffix. What a suffix means is written nowhere: such columns come in under a slug of their own, and
the import keeps them back until an operator has said what they are.
"""

import numpy as np

from atlas import measures, shown_labels
from atlas.metrics.labels import MetricDefinition
from atlas.sources import base, columns, geoids, observed, table_reader
from atlas.sources.base import Column, DatasetInfo, EstimateTable, Progress, SourceFileError
from atlas.sources.opening import OpenedFile
from atlas.sources.shown_columns import parse_column
from atlas.sources.shown_tract import unit_warning
from atlas.sources.table_reader import Header

SECOND = "|"  # between a measure and the suffix of its second column, in a slug that is never stored
_PREFIX = "shown_county_"
_KEY = "cty"
_BETWEEN, _LONGEST_STEM = "-and-", 80
_NAMES = ("Name", "county_name")
KEY_COLUMNS: tuple[str, ...] = ()
METRICS: tuple[MetricDefinition, ...] = ()


def matches_header(names: tuple[str, ...]) -> bool:
    return _KEY in names and any(parse_column(name) for name in names)


def find_dataset(key: str) -> DatasetInfo | None:
    stem = key.removeprefix(_PREFIX)
    if not key.startswith(_PREFIX) or not stem:
        return None
    return _dataset(stem)


def _dataset(stem: str) -> DatasetInfo:
    label = ", ".join(_words(one) for one in stem.split(_BETWEEN))
    return DatasetInfo(
        key=_PREFIX + stem,
        title=f"Opportunity Atlas by county, site download: {label}",
        publisher=base.OPPORTUNITY_INSIGHTS,
        citation=base.OPPORTUNITY_ATLAS_CITATION,
        licence=base.ATLAS_LICENCE,
        addresses=("https://www.opportunityatlas.org/",),
        vintage="counties; birth years and period as on the source's page, which the file does not repeat",
        level="county",
        priority=60,
    )


def _words(stem: str) -> str:
    return measures.OUTCOMES[stem][0] if stem in measures.OUTCOMES else shown_labels.decode(stem)


def _stem_of(stems: list[str]) -> str:
    """The outcomes of a file in its data set's key: all of them, or the first and how many more."""
    joined = _BETWEEN.join(stems)
    return joined if len(joined) <= _LONGEST_STEM else f"{stems[0]}{_BETWEEN}{len(stems) - 1}_more"


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """Every subgroup of the file by county; second columns under `{slug}|{suffix}`. Raises SourceFileError."""
    found = [one for name in header.names if (one := parse_column(name)) and not one.is_characteristic]
    values = {one.key: one for one in found if not one.suffix}
    if not values:
        raise base.header_error("shown_county", header.names)
    second = [one for one in found if one.suffix and one.key in values]
    name = next((n for n in _NAMES if n in header.names), "")
    numbers = tuple(one.name for one in (*values.values(), *second))
    table = table_reader.read_columns(
        opened, header, numbers=numbers, texts=(_KEY, *([name] if name else [])), progress=progress
    )
    codes = _county_codes(observed.text_column(table, _KEY), table.num_rows)
    order = geoids.check_unique(codes, _KEY, 5, rows_read=table.num_rows)
    arrays = {one.name: columns.float32_column(table, one.name, order) for one in (*values.values(), *second)}
    stems = list(dict.fromkeys(one.stem for one in values.values()))
    highest = {stem: _highest([arrays[one.name] for one in values.values() if one.stem == stem]) for stem in stems}
    slugs = {key: one.slug(highest[one.stem]) for key, one in values.items()}
    made = tuple(Column(slugs[key], arrays[one.name]) for key, one in values.items())
    made += tuple(Column(f"{slugs[one.key]}{SECOND}{one.suffix}", arrays[one.name]) for one in second)
    labels = observed.text_column(table, name) if name else None
    return base.estimate_table(
        dataset=_dataset(_stem_of(stems)),
        geoids=codes[order],
        columns=made,
        rows_read=table.num_rows,
        lines=order + columns.FIRST_DATA_LINE,
        names=tuple(labels[order].tolist()) if labels is not None else (),
        ignored_columns=tuple(n for n in header.names if n not in (_KEY, name, *numbers)),
        warnings=tuple(dict.fromkeys(w for slug in slugs.values() for w in unit_warning(slug))),
    )


def _county_codes(texts: np.ndarray, rows: int) -> np.ndarray:
    """int64 codes of "cty26163" or "26163". Raises SourceFileError naming each that is no county."""
    digits = [text.lower().removeprefix(_KEY).strip() for text in texts]
    wrong = [i for i, text in enumerate(digits) if not (text.isascii() and text.isdigit() and 4 <= len(text) <= 5)]
    if wrong:
        problems = [
            base.Problem("is not cty and five digits", i + columns.FIRST_DATA_LINE, _KEY, str(texts[i])[:40])
            for i in wrong[: base.MAX_PROBLEMS_KEPT]
        ]
        raise SourceFileError(problems, len(wrong), rows)
    codes = np.array([int(text) for text in digits], dtype=np.int64)
    geoids.check_parts(codes // 1000, codes % 1000, rows_read=rows)
    return codes


def _highest(arrays: list[np.ndarray]) -> float | None:
    known = [float(np.nanmax(array)) for array in arrays if np.isfinite(array).any()]
    return max(known, default=None)

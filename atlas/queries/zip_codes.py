"""Which tracts a ZIP code covers, from the live relationship file of the Census Bureau."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atlas.models import LivePart, ZipTracts
from atlas.records.context import ZipTract
from atlas.sources.zcta_tracts import DATASET

_Pieces = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float32]]


def zip_codes_are_loaded() -> bool:
    """Whether the file that knows them is live."""
    return _live_release() is not None


def tracts_of_zip(zcta: str) -> tuple[ZipTract, ...]:
    """The 2010 tracts of a five-digit ZIP code, the one with most of its people first.

    () for a code the file does not have (one of post-office boxes alone, or none at all), for text that is no code,
    and while no file is live. One query once the file is in memory (about 2 MB).
    """
    release = _live_release()
    if release is None or not (len(zcta) == 5 and zcta.isascii() and zcta.isdigit()):
        return ()
    zips, geoids, shares = _pieces(release)
    first, last = np.searchsorted(zips, [int(zcta), int(zcta) + 1])
    rows = zip(geoids[first:last].tolist(), shares[first:last].tolist(), strict=True)
    return tuple(ZipTract(f"{code:011d}", share) for code, share in rows)


def zip_of_tract(geoid: str) -> str:
    """The ZIP code that has the largest share of its people in a tract; "" where the live file names none, or no file
    is live. One query once the file is in memory."""
    release = _live_release()
    if release is None:
        return ""
    zips, geoids, shares = _pieces(release)
    rows = np.flatnonzero(geoids == int(geoid))
    return f"{int(zips[rows[np.argmax(shares[rows])]]):05d}" if rows.size else ""


def _live_release() -> int | None:
    return LivePart.objects.filter(dataset=DATASET.key, part="").values_list("release_id", flat=True).first()


@lru_cache(maxsize=1)
def _pieces(release_id: int) -> _Pieces:
    row = ZipTracts.objects.get(release_id=release_id)
    return np.frombuffer(row.zips, "<i4"), np.frombuffer(row.geoids, "<i8"), np.frombuffer(row.shares, "<f4")

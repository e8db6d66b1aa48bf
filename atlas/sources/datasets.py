"""Data sets by their key, whichever source reads them."""

from atlas.sources.base import DatasetInfo
from atlas.sources.registry import all_sources


def get_dataset(key: str) -> DatasetInfo:
    """Title, publisher, citation and the rest of a data set. Raises KeyError for a key no source makes."""
    info = _find(key)
    if info is None:
        raise KeyError(key)
    return info


def find_observation_dataset(key: str) -> DatasetInfo | None:
    """A data set of observations by its key, None for any other."""
    info = _find(key)
    return info if info is not None and info.content == "observations" else None


def _find(key: str) -> DatasetInfo | None:
    found = (source.find_dataset(key) for source in all_sources().values())
    return next((info for info in found if info is not None), None)

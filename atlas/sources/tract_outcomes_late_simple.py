"""An outcome file that is to be read as births 1984-89, whatever its rows and its name say.

Both cohorts share a header, so `outcomes` comes first in the registry and this source is used only where it is named.
"""

from atlas.sources import base, outcomes
from atlas.sources.base import EstimateTable, Progress
from atlas.sources.opening import OpenedFile
from atlas.sources.outcomes import KEY_COLUMNS, METRICS, find_dataset, matches_header
from atlas.sources.table_reader import Header

__all__ = ["KEY_COLUMNS", "METRICS", "find_dataset", "matches_header", "read"]


def read(opened: OpenedFile, header: Header, progress: Progress = base.no_progress) -> EstimateTable:
    """As `outcomes.read`, for the cohort born 1984-89. Raises SourceFileError."""
    return outcomes.read(opened, header, progress, late=True)

"""What a delivery holds, read again as it was read when it came."""

from engagements.models import PilotDataset
from engagements.pilots.rules.reading import PilotTable, read_csv_data, read_table
from engagements.pilots.rules.registration import Registration


def table_of(dataset: PilotDataset, registration: Registration) -> PilotTable:
    """Raises DataRefused where it can't be read by this registration, FileNotFoundError where its file is gone.

    Counts and sums are kept as columns of equal length by name, rows as a CSV file.
    """
    if dataset.kind == PilotDataset.Kind.ROWS:
        with dataset.file.open("rb") as file:
            return read_csv_data(file.read(), registration)
    header, rows = lines_of(dataset)
    return read_table(header, [(number, row) for number, row in enumerate(rows, start=2)], registration)


def lines_of(dataset: PilotDataset) -> tuple[list[str], list[list[str]]]:
    """The header and the lines of counts and sums, as text; nothing of what was deleted."""
    columns = dataset.content or {}
    header = list(columns)
    return header, [[_text(cell) for cell in line] for line in zip(*columns.values(), strict=True)]


def _text(cell: object) -> str:
    """A number as the reader of files takes it; nothing for what is not known."""
    if cell is None:
        return ""
    return repr(cell) if isinstance(cell, float) else str(cell)

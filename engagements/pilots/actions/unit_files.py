"""A file of units as it is read: what the registration names is kept, whoever can be told by it is refused."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.base.tables.table import Table
from engagements.pilots.rules.privacy.identifying import Identifier, identifying_columns
from engagements.pilots.rules.reading import DataRefused, refuse_long_cells
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.unit_lists import ID, ReadUnits, read_units


class FileRefused(ValidationError):
    """`lines`: (line, sentence) of what is wrong in the file; nothing was kept."""

    def __init__(self, lines: Sequence[tuple[int, str]]):
        self.lines = tuple(lines)
        super().__init__([_say(line, sentence) for line, sentence in lines])


def read_unit_file(plan: Registration, table: Table) -> ReadUnits:
    rows = [(row.line, row.cells) for row in table.rows]
    _refuse_identifying(table)
    read = read_units(plan, table.header, rows)
    if read.problems:
        raise FileRefused(read.problems)
    return read


def _refuse_identifying(table: Table) -> None:
    """Nobody's name, address or number comes in, whatever its column is called; ids only under the header “id”."""
    try:
        for row in table.rows:
            refuse_long_cells(row.line, row.cells)
    except DataRefused as refused:
        raise FileRefused([(one.line or 0, one.sentence) for one in refused.problems]) from refused
    columns = {name: [row.cells[at] for row in table.rows] for at, name in enumerate(table.titles or table.header)}
    found = identifying_columns(columns)
    told = {Identifier.SSN, Identifier.EMAIL, Identifier.PHONE, Identifier.NAME}
    identifying = [one for one in found if one.column.strip().casefold() != ID or one.kind in told]
    if identifying:
        raise FileRefused([(0, one.sentence) for one in identifying])


def _say(line: int, sentence: str) -> str:
    return _("Line {line}: {sentence}").format(line=line, sentence=sentence) if line else sentence

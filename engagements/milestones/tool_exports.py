"""Milestones in the columns of the tool they came from, in its order, words and dates: to be edited there and brought
back. Pure."""

from collections.abc import Mapping
from datetime import date

from atlas.tables.declaration import ColumnType, Table
from engagements.base.tables.declare import columns_of
from engagements.base.tables.mapping import LEAVE
from engagements.base.tables.mapping import Mapping as ColumnMapping
from engagements.base.tables.table import ADDED

# Our own numbers: by them and the version a row is known, and a change of others noticed, when it comes back.
OURS = ("Portal ID", "Portal version")
_FORMATS = {
    "month_first": "%m/%d/%Y",
    "day_first": "%d/%m/%Y",
    "month_first_short": "%m/%d/%y",
    "day_first_short": "%d/%m/%y",
}


def shown_columns(mapping: ColumnMapping) -> tuple[tuple[str, str], ...]:
    """(title, field) of every column we have something for, in the order of the file. Of two fields in one column the
    one that isn't the key."""
    field_of = {column: name for name, column in mapping.columns.items() if name not in ("id", "version")}
    field_of |= {column: name for name, column in mapping.columns.items() if name == "title"}
    titles = mapping.titles or {column: column for column in field_of}
    shown = ((column, title) for column, title in titles.items() if column in field_of and column not in ADDED)
    return tuple((title, field_of[column]) for column, title in shown)


def tool_table(mapping: ColumnMapping, name: str, address: str) -> Table:
    shown = shown_columns(mapping)
    types: dict[str, ColumnType] = {OURS[0]: "integer", OURS[1]: "integer"}
    if mapping.options["date_order"] == "iso":
        types |= {title: "date" for title, field in shown if field == "due_on"}
    columns = columns_of((*(title for title, _field in shown), *OURS), types)
    return Table(name, "Milestones", columns, address=address, sheet="Milestones")


def tool_cells(mapping: ColumnMapping, values: Mapping[str, object]) -> tuple[object, ...]:
    """`values`: of the fields, with `id` and `version`; what a tool has no word for goes out in ours."""
    shown = shown_columns(mapping)
    return (*(_cell(mapping, field, values.get(field, "")) for _title, field in shown), values["id"], values["version"])


def _cell(mapping: ColumnMapping, field: str, value: object) -> object:
    if isinstance(value, date):
        order = mapping.options["date_order"]
        if order == "iso":
            return value
        return value.strftime(_FORMATS[order]) if order in _FORMATS else f"{value:%Y-%m-%d}"
    each = mapping.of.field(field)
    if each and each.choices and value:
        said = (word for word, meaning in mapping.words.get(field, {}).items() if meaning == value != LEAVE)
        return next(said, dict(each.choices).get(str(value), str(value))).capitalize()
    return value

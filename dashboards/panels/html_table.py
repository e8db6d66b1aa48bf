"""A panel's table as HTML, written without a template: its thousands of cells took half of a cold city page there."""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dashboards.panels.base import Column, Table

TALL = 12  # rows from which a table scrolls in a frame of its own
_ANY_TRACT = "0" * 11


def table_html(table: Table, name: str) -> SafeString:
    """The table with its caption, in a frame that scrolls; `name` becomes its id. Every word is escaped."""
    tall = " tall" if len(table.rows) > TALL else ""
    head = "".join(
        f'<th scope="col"{_number(column)} data-column="{escape(column.key)}">{escape(column.label)}</th>'
        for column in table.columns
    )
    classes = [_number(column) for column in table.columns]
    to_tract = reverse("tract", args=[_ANY_TRACT])
    rows = "\n".join(_row(geoid, cells, classes, to_tract) for geoid, cells in table.formatted_rows())
    return mark_safe(  # noqa: S308 - every part is escaped above
        f'<div class="table-scroll{tall}" role="region" aria-labelledby="{name}-caption" tabindex="0">\n'
        f'<table id="{name}">\n<caption id="{name}-caption">{escape(table.caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n"
    )


def _row(geoid: str, cells: list[tuple[Column, str]], classes: list[str], to_tract: str) -> str:
    """The first cell heads its row; a tract's code leads to its page."""
    (_, first), *others = cells
    said = [f'<th scope="row"{classes[0]}>{escape(first) or "(no name)"}</th>']
    for (column, words), number in zip(others, classes[1:], strict=True):
        text: str = escape(words)
        if column.key == "geoid":
            text = f'<a href="{to_tract.replace(_ANY_TRACT, text)}">{text}</a>'
        said.append(f"<td{number}>{text}</td>")
    key = f' data-geoid="{escape(geoid)}"' if geoid else ""
    return f"<tr{key}>{''.join(said)}</tr>"


def _number(column: Column) -> str:
    return ' class="number"' if column.is_number else ""

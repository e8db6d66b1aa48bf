"""The fold under a table: its files in every format, what describes them, and code that reads them."""

from typing import Any

from django import template

from atlas.tables.declaration import GEOID
from atlas.tables.formats import FORMATS
from atlas.web.converters import PACKAGE
from dashboards.panels.base import Panel

register = template.Library()


@register.inclusion_tag("dashboards/panels/_downloads.html")
def panel_downloads(csv_address: str, panel: Panel, query: str = "", whole: bool = False) -> dict[str, Any]:
    """`csv_address` without a query. `query` repeats the reader's choices; `whole`: the view is one of them."""
    names = {column.key for column in panel.table.columns}
    return fold(csv_address, query, has_shapes={GEOID, "value"} <= names) | {"whole": whole}


@register.inclusion_tag("dashboards/panels/_downloads.html")
def table_downloads(csv_address: str, query: str = "") -> dict[str, Any]:
    """The same of a table without shapes."""
    return fold(csv_address, query)


def fold(csv_address: str, query: str, *, has_shapes: bool = False) -> dict[str, Any]:
    stem, tail = csv_address.removesuffix("csv"), f"?{query}" if query else ""
    offered = [made for made in FORMATS.values() if has_shapes or not made.needs_shapes]
    return {
        "files": [(made.label, f"{stem}{made.extension}{tail}") for made in offered],
        "package": f"{stem}{PACKAGE}{tail}",
        "codes": [(label, f"{stem}{end}{tail}") for label, end in (("Python", "py"), ("R", "R"))],
    }

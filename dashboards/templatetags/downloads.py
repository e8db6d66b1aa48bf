"""The fold under a panel: its table in every format, what describes it, and code that reads it."""

from typing import Any

from django import template

from atlas.tables.declaration import GEOID
from atlas.web.file_links import file_links
from dashboards.panels.base import Panel

register = template.Library()


@register.inclusion_tag("atlas/_file_links.html")
def panel_downloads(
    csv_address: str, panel: Panel, query: str = "", whole: bool = False, is_public: bool = True
) -> dict[str, Any]:
    """`csv_address` without a query. `query` repeats the reader's choices; `whole`: the view is one of them."""
    names = {column.key for column in panel.table.columns}
    links = file_links(csv_address, query, has_shapes={GEOID, "value"} <= names, is_public=is_public)
    return {"links": links, "whole": whole, "is_followed": True}

"""The fold under a table of an engagement or of the library: its files in every format."""

from typing import Any

from django import template

from atlas.web.file_links import file_links

register = template.Library()


@register.inclusion_tag("atlas/_file_links.html")
def table_downloads(csv_address: str, query: str = "", what: str = "", is_public: bool = False) -> dict[str, Any]:
    """`csv_address` without a query; `query` repeats the reader's choices; `what` names the table, where the page
    has several."""
    return {"links": file_links(csv_address, query, is_public=is_public), "what": what}

"""Labels and tables of the pages of plans."""

from django import template
from django.utils.safestring import SafeString

from dashboards.panels.base import Table
from dashboards.panels.html_table import table_html
from engagements.evidence.queries import fields_of
from engagements.models import EvidenceRow
from engagements.plans.queries.library import finding_sentence

register = template.Library()


@register.filter
def lower_first(words: str) -> str:
    """For the middle of a sentence; "GED" stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@register.filter
def of_status(marks: dict[str, str], status: str | None) -> str:
    return marks.get(status or "published", "planned")


@register.filter
def finding(row: EvidenceRow) -> str:
    return finding_sentence(fields_of(row, ()))


@register.filter
def as_table(table: Table, name: str) -> SafeString:
    """A panel's table under this id."""
    return table_html(table, name)

"""The replication guide as a PDF."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from dashboards.documents.model import Document, Grid, GridColumn, Paragraph, Section
from engagements.pilots.queries.replication import Replication

PUBLISHER = "Mobility Portal"
MADE_UP = "Demo data: this pilot is made up, and so is every number in this guide."
SIZES = "How many people another test needs"


def guide_document(found: Replication, as_of: datetime) -> Document:
    """The same words as the page, in the same order."""
    guide = found.guide
    return Document(
        title=guide.title,
        lede=guide.sentence,
        publisher=PUBLISHER,
        address=f"{settings.PORTAL_URL.rstrip('/')}{reverse('pilot_replicate', args=[found.pilot.pk])}",
        as_of=as_of,
        numbers=(),
        sections=tuple(section for part in guide.parts for section in _sections(found, part.key)),
        banner=MADE_UP if found.is_made_up else "",
        is_as_of_day=True,
    )


def _sections(found: Replication, key: str) -> tuple[Section, ...]:
    guide = found.guide
    part = next(one for one in guide.parts if one.key == key)
    paragraphs = tuple(Paragraph(words, label) for label, words in part.lines)
    section = Section(part.title, paragraphs=paragraphs, notes=(part.note,) if part.note else ())
    if key != "test":
        return (section,)
    if not guide.sizes:
        return (section, Section(SIZES, guide.why_no_sizes))
    heads = (GridColumn("To find an effect of"), GridColumn("It takes", weight=2.5))
    grid = Grid(SIZES, heads, guide.sizes, SIZES_NOTE)
    return (section, Section(SIZES, grids=(grid,)))


SIZES_NOTE = "By the formula of this design, with the starting values registered here. Put in those of your own city."

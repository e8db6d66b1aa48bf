"""Where a number came from, in the few words that fit under a picture or at the foot of a slide."""

from atlas.records import SAMPLE_NOTICE, Source
from dashboards.panels.base import Panel

SAMPLE_WORDS = f"{SAMPLE_NOTICE.capitalize()}: generated for demonstration, not published figures"


def sources_of(panels: tuple[Panel, ...]) -> tuple[Source, ...]:
    """Every source of the panels once, in the order of the panels."""
    return tuple({source.release_id: source for panel in panels for source in panel.sources}.values())


def credit(source: Source) -> str:
    """Publisher, title, vintage, citation, licence; a generated source says that it is."""
    mark = f" ({SAMPLE_NOTICE})" if source.is_sample else ""
    parts = (source.vintage, source.citation.rstrip("."), source.licence.rstrip("."))
    return f"{source.publisher}, {source.title}{mark}. {'. '.join(part for part in parts if part)}."


def short_credit(sources: tuple[Source, ...]) -> str:
    """Publishers, titles and vintages in one line, for a footer."""
    named = (f"{s.publisher}, {s.title} ({s.vintage}{', ' + SAMPLE_NOTICE if s.is_sample else ''})" for s in sources)
    return "; ".join(dict.fromkeys(named))

"""Where a number came from, in the few words that fit under a picture or at the foot of a slide."""

from atlas.records.places import SAMPLE_NOTICE, Source, starter_set_name
from dashboards.formatting.years import years_of
from dashboards.panels.base import Panel

SAMPLE_WORDS = f"{SAMPLE_NOTICE.capitalize()}: generated for demonstration, not published figures"


def sources_of(panels: tuple[Panel, ...]) -> tuple[Source, ...]:
    """Every source of the panels once, in the order of the panels."""
    return tuple({source.release_id: source for panel in panels for source in panel.sources}.values())


def credits(sources: tuple[Source, ...]) -> list[str]:
    """Full credits: titles and vintages under one publisher, citation and license that they share."""
    shared: dict[tuple[str, str, str], list[str]] = {}
    for source in sources:
        key = (source.publisher, source.citation.rstrip("."), source.licence.rstrip("."))
        shared.setdefault(key, []).append(_title(source))
    return [
        f"{publisher}: {'; '.join(dict.fromkeys(titles))}. {'. '.join(part for part in (citation, licence) if part)}."
        for (publisher, citation, licence), titles in shared.items()
    ]


def short_credits(sources: tuple[Source, ...]) -> list[str]:
    """A sentence for each source, for a foot: publisher, title, vintage; years of birth stand in a sentence before."""
    return [f"Source: {source.publisher}, {_short_title(source)}." for source in sources]


def _short_title(source: Source) -> str:
    said = [] if years_of((source,)) else [source.vintage]
    said += [SAMPLE_NOTICE] if source.is_sample else []
    said += [starter_set_name(source.starter_date)] if source.starter_date else []
    return f"{source.title} ({', '.join(said)})" if said else source.title


def _title(source: Source) -> str:
    mark = f", {SAMPLE_NOTICE}" if source.is_sample else ""
    mark += f", {starter_set_name(source.starter_date)}" if source.starter_date else ""
    return f"{source.title} ({source.vintage}{mark})"

"""Where the need was: the Atlas mean of each city as context, never as a result of the work."""

from atlas.queries import cities as city_queries
from atlas.queries.headlines import headlines
from atlas.statistics.intervals import Z95
from engagements.portfolio.figures import NeedLine, NeedPart
from engagements.portfolio.queries.scope import City

WORDS = (
    "Average household income percentile, at ages 31 to 37, of children from low-income families (parents at the 25th "
    "percentile) who grew up in each city. It describes people born 1978–83 and is no result of this work. Cities "
    "stand in alphabetical order: this is no ranking."
)


def need_part(cities: tuple[City, ...]) -> NeedPart:
    """Cities A to Z, each once. From the release in use now, also when the rest is shown as of an earlier moment."""
    wanted = {city.city_slug: city.city for city in cities}
    found = headlines(tuple(city for city in city_queries.cities() if city.slug in wanted)) if wanted else {}
    lines = []
    for slug, name in sorted(wanted.items(), key=lambda pair: (pair[1], pair[0])):
        one = found.get(slug)
        value, se = (one.value, one.standard_error) if one else (None, None)
        low, high = (value - Z95 * se, value + Z95 * se) if value is not None and se is not None else (None, None)
        if one is None or value is None:
            reason = (one.reason if one else "") or "No published values have been imported yet."
        else:
            reason = one.standard_error_reason
        usd, is_sample = (one.usd, one.is_sample) if one else (None, False)
        lines.append(NeedLine(slug, name, value, se, low, high, reason, is_sample, usd))
    sources = {source.citation: source.vintage for one in found.values() for source in one.sources[:1]}
    return NeedPart(tuple(lines), WORDS, "; ".join(f"{name} ({vintage})" for name, vintage in sources.items()))

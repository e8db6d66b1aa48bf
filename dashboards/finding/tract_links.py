"""Where a tract opens: its card on its city's map, or its own page outside every city."""

from urllib.parse import urlencode

from django.urls import reverse

from atlas.search.homes import Home


def tract_address(geoid: str, home: Home | None) -> str:
    """The map reads `tract` and opens its card; without a script the card is drawn all the same."""
    if home is None:
        return reverse("tract", args=[geoid])
    return f"{reverse('city', args=[home.slug])}?{urlencode({'tract': geoid})}"

"""What a search engine may list: cities, their tracts, the public pages. Never areas, nor what asks to sign in."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from atlas.queries.cities import cities
from atlas.queries.live import live_catalog
from atlas.queries.members import city_members
from dashboards.sharing.addresses import portal_host, portal_scheme

PAGES = ("home", "compare", "works", "evidence", "methods", "atlas:data", "downloads", "errata")


class _Site:
    """What the framework asks of a site: its name."""

    def __init__(self) -> None:
        self.domain = self.name = portal_host()


class PortalSitemap(Sitemap):
    """Addresses under PORTAL_URL, whatever name the request came to; changed when something last went live."""

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        return super().get_urls(page, _Site(), portal_scheme())  # type: ignore[arg-type]  # asked for a name only

    def lastmod(self, item: Any) -> datetime | None:
        return max((source.activated_at for source in live_catalog().sources), default=None)


class Pages(PortalSitemap):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Cities(PortalSitemap):
    def items(self) -> list[str]:
        return [city.slug for city in cities()]

    def location(self, item: str) -> str:
        return reverse("city", args=[item])


class Tracts(PortalSitemap):
    """Of the cities: a tract on the border of two stands once."""

    def items(self) -> list[str]:
        found: set[int] = set()
        for city in cities():
            ground = city_members(city.slug)
            found.update(ground.codes[ground.belongs].tolist())
        return [f"{code:011d}" for code in sorted(found)]

    def location(self, item: str) -> str:
        return reverse("tract", args=[item])


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"pages": Pages, "cities": Cities, "tracts": Tracts}

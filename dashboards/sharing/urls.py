"""What travels: pictures for social cards, views for other sites, and what search engines ask for."""

from django.urls import path

from dashboards.places import urls as place_urls  # noqa: F401 - makes <tract:...> known
from dashboards.sharing import crawler_views, embed_views, picture_views

urlpatterns = [
    path("robots.txt", crawler_views.robots, name="robots"),
    path("sitemap.xml", crawler_views.sitemap, name="sitemap"),
    path("share/cities/<slug:slug>.png", picture_views.city_picture, name="share_city"),
    path("share/tracts/<tract:geoid>.png", picture_views.tract_picture, name="share_tract"),
    path("embed/cities/<slug:slug>/map/", embed_views.embedded_map, name="embed_map"),
    path("embed/cities/<slug:slug>/<slug:panel_slug>/", embed_views.embedded_panel, name="embed_panel"),
]

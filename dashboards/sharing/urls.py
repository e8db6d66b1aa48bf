"""What travels: pictures for social cards, views for other sites, and what search engines ask for."""

from django.urls import path

from dashboards.sharing import crawler_views

urlpatterns = [
    path("robots.txt", crawler_views.robots, name="robots"),
    path("sitemap.xml", crawler_views.sitemap, name="sitemap"),
]

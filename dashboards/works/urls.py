"""What works: page, table and picture; a pilot's effect as a picture, and how to test it again."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.works import effect_views, replicate_views, views

urlpatterns = [
    path("what-works/", views.index, name="works"),
    path("what-works/export.csv", views.export, name="works_export"),
    path("what-works/export.<table_file:kind>", views.export, name="works_file"),
    path("what-works/<slug:outcome>.svg", views.svg, name="works_svg"),
    path("what-works/<slug:outcome>.png", views.png, name="works_png"),
    path("pilots/<int:pk>/effect.svg", effect_views.svg, name="pilot_effect_svg"),
    path("pilots/<int:pk>/effect.png", effect_views.png, name="pilot_effect_png"),
    path("pilots/<int:pk>/replicate/", replicate_views.read, name="pilot_replicate"),
    path("pilots/<int:pk>/replicate.pdf", replicate_views.pdf, name="pilot_replicate_pdf"),
    path("pilots/<int:pk>/copy/", replicate_views.start, name="pilot_copy"),
]

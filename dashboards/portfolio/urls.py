"""An initiative as its funders see it."""

from django.urls import path

from atlas.web import converters  # noqa: F401 - makes <table_file:...> known
from dashboards.portfolio import api, filling_views, list_views, share_views, views

urlpatterns = [
    path("portfolio/", views.portfolios, name="portfolios"),
    path("portfolio/<slug:slug>/", views.page, name="portfolio"),
    path("portfolio/<slug:slug>/newer/", views.newer, name="portfolio_newer"),
    path("portfolio/<slug:slug>/cities.csv", views.table, {"kind": "csv"}, name="portfolio_csv"),
    path("portfolio/<slug:slug>/cities.xlsx", views.table, {"kind": "xlsx"}, name="portfolio_xlsx"),
    path("portfolio/<slug:slug>/cities.<table_file:kind>", views.table, name="portfolio_file"),
    path("portfolio/<slug:slug>/entries/", list_views.entries, name="portfolio_entries"),
    path("portfolio/<slug:slug>/milestones/", list_views.milestones, name="portfolio_milestones"),
    path("portfolio/<slug:slug>/values/", list_views.values, name="portfolio_values"),
    path("portfolio/<slug:slug>/budget/", list_views.budget, name="portfolio_budget"),
    path("portfolio/views/save/", views.save, name="portfolio_view_save"),
    path("portfolio/views/<int:pk>/remove/", views.remove, name="portfolio_view_remove"),
    path("portfolio/<slug:slug>/add/<slug:what>/", filling_views.add, name="portfolio_add"),
    path("portfolio/<slug:slug>/shares/", share_views.shares, name="portfolio_shares"),
    path("portfolio/shares/<int:pk>/revoke/", share_views.revoke, name="portfolio_share_revoke"),
    path("shared/<str:secret>/", share_views.shared, name="shared"),
    path("api/v1/portfolio/", api.PortfolioList.as_view(), name="api-portfolios"),
    path("api/v1/portfolio/<slug:slug>/", api.PortfolioDetail.as_view(), name="api-portfolio"),
]

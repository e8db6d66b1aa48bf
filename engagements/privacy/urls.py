"""One's own data, and requests to be erased."""

from django.urls import path

from engagements.privacy import views

urlpatterns = [
    path("me/data/", views.mine, name="own_data"),
    path("me/data/file/", views.download, name="own_data_file"),
    path("me/data/erasure/", views.ask, name="ask_erasure"),
    path("me/data/erasure/withdraw/", views.withdraw, name="withdraw_erasure"),
    path("operations/people/", views.people, name="erasures"),
    path("operations/people/<int:pk>/", views.person, name="erasure"),
]

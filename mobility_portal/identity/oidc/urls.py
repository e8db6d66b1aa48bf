"""The addresses that allauth gives them too: each server is registered with its callback."""

from django.urls import path

from mobility_portal.identity.oidc import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]

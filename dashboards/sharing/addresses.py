"""Addresses that leave the portal: whole, under the name it is known by, never under one a request made up."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """The address of a path of ours at PORTAL_URL."""
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"


def portal_host() -> str:
    """Name and port alone: "portal.example.org"."""
    return urlsplit(settings.PORTAL_URL).netloc


def portal_scheme() -> str:
    return urlsplit(settings.PORTAL_URL).scheme

"""Whole addresses for mails: nobody asks a browser's address bar there."""

from django.conf import settings

_PATHS = {
    "milestone": "/milestones/{pk}/",
    "quarterlyupdate": "/updates/{pk}/",
    "expertrequest": "/requests/{pk}/",
    "document": "/engagements/{slug}/documents/",
    "record": "/engagements/{slug}/records/#record-{pk}",
    "comment": "/comments/{pk}/",
    "indicator": "/indicators/{pk}/",
    "risk": "/engagements/{slug}/risks/#risk-{pk}",
    "plan": "/plans/{pk}/",
    "engagement": "/engagements/{slug}/",
}


def path_of(noun: str, pk: int, slug: str | None) -> str:
    """The page of a thing: of its engagement where it has none of its own."""
    pattern = _PATHS.get(noun, _PATHS["engagement"])
    if "{slug}" in pattern and not slug:
        return "/requests/"
    return pattern.format(pk=pk, slug=slug)


def absolute_url(path: str) -> str:
    return settings.PORTAL_URL.rstrip("/") + path

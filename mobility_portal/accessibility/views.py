"""The page "Accessibility", for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mobility_portal.accessibility.declaration import EXCEPTIONS, SECTION_508, WCAG
from mobility_portal.accessibility.paper import counts
from mobility_portal.accessibility.records import Support

# Class and icon of each answer: none rests on its color.
_TAGS = {
    Support.FULL: ("tag-done", "check"),
    Support.PARTIAL: ("tag-warn", "warning"),
    Support.NONE: ("tag-late", "warning"),
    Support.UNUSED: ("tag-quiet", ""),
    Support.UNKNOWN: ("tag-quiet", ""),
}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we do, how far it goes criterion by criterion, and whom to tell. No statement."""
    parts = [
        (chapter, [(criterion, *_TAGS[criterion.support]) for criterion in chapter.criteria])
        for chapter in (*WCAG, *SECTION_508)
    ]
    context = {
        "wcag": parts[: len(WCAG)],
        "section_508": parts[len(WCAG) :],
        "counts": [(support.value, count) for support, count in counts(WCAG).items() if count],
        "exceptions": EXCEPTIONS,
    }
    return render(request, "accessibility.html", context)

"""What the look of a page needs from Python: icons and the header's entries."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mobility_portal.navigation import Navigation, navigation_of

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/icons.svg in the color of the text beside it, which says the same: hidden from readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Navigation:
    return navigation_of(context.get("request"))

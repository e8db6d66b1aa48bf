"""Icons in pages: symbols of static/icons.svg."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


def icon(name: str) -> SafeString:
    """A symbol in the color of the text beside it, which says the same: hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )

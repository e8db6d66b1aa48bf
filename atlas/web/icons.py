"""Icons in pages: symbols of static/icons.svg."""

from functools import lru_cache

from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString


def icon(name: str) -> SafeString:
    """A symbol in the color of the text beside it, which says the same: hidden from screen readers."""
    return _symbol(name, get_script_prefix())


@lru_cache(maxsize=256)  # a board has a hundred of them; the address of the file is the same until the next start
def _symbol(name: str, _prefix: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )

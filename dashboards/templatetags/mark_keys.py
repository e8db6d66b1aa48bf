"""The marks of a row of dots as small pictures for the key under it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_CIRCLES = {"this": ("m-this", 6), "hollow": ("m-ring m-ring-this", 6), "other": ("m-ring", 4.5)}


@register.simple_tag
def mark_key(name: str) -> SafeString:
    """ "this": a dot with a margin; "hollow": without; "other": another value of the row; "us": the nation's tick.

    Raises KeyError for any other name.
    """
    if name == "us":
        mark = format_html('<line class="{}" x1="8" x2="8" y1="1" y2="15"/>', "m-us")
    else:
        mark = format_html('<circle class="{}" cx="8" cy="8" r="{}"/>', *_CIRCLES[name])
    return format_html(
        '<svg class="key-mark" width="16" height="16" aria-hidden="true" focusable="false" '
        'xmlns="http://www.w3.org/2000/svg">{}</svg>',
        mark,
    )

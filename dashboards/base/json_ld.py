"""JSON-LD inside a page: data, not a script. The content policy lets it stand, because no browser runs it."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# What could end the element or open another one inside it, as in Django's json_script.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld_script(described: dict[str, Any]) -> SafeString:
    """The element for the head of a page."""
    said = json.dumps(described, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(said))  # noqa: S308 - escaped above

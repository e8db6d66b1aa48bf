"""What the look of a page needs from Python: icons and the header's entries."""

from typing import Any

from django import template

from atlas.web.icons import icon
from mobility_portal.navigation import Navigation, navigation_of

register = template.Library()


register.simple_tag(icon)


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Navigation:
    return navigation_of(context.get("request"))

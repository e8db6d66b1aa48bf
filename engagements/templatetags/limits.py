"""The longest texts for templates that write a field by hand."""

from django import template

from engagements import limits

register = template.Library()


@register.simple_tag
def limit(name: str) -> int:
    """A length of `engagements.limits` by its name: `maxlength="{% limit 'WHY' %}"`. Raises AttributeError for none."""
    value: int = getattr(limits, name)
    return value

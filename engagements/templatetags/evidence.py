"""Small words of the evidence pages."""

from django import template

register = template.Library()


@register.filter
def named(names: dict[str, str], slug: str) -> str:
    """The name of a city by its slug."""
    return names.get(slug, slug)


@register.filter
def first_lower(text: str) -> str:
    """For a phrase in the middle of a sentence; an acronym stays as it is."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.filter
def full_stop(text: str) -> str:
    """What a text lacks to be a sentence."""
    return "" if not text or text[-1] in ".!?" else "."


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"

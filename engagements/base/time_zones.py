"""Time zones by the names people use for them."""

from django.utils.translation import gettext_lazy as _

# What the IANA database calls them, and what people in the United States do.
US_ZONES = {
    "America/New_York": _("Eastern"),
    "America/Chicago": _("Central"),
    "America/Denver": _("Mountain"),
    "America/Phoenix": _("Arizona"),
    "America/Los_Angeles": _("Pacific"),
    "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"),
}


def zone_label(name: str) -> str:
    """
    >>> zone_label("Europe/Isle_of_Man")
    'Europe/Isle of Man'
    """
    return str(US_ZONES.get(name, name.replace("_", " ")))

"""Numbers of figures as people read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def how_long(seconds: float) -> str:
    """ "0.3 seconds", "5 minutes", "26 hours", "3 days": the largest unit that leaves two of it or more."""
    if seconds < 10:
        return _("%(number)s seconds") % {"number": f"{seconds:.1f}"}
    if seconds < 120:
        return _("%(number)s seconds") % {"number": f"{seconds:.0f}"}
    if seconds < 7200:
        return _("%(number)s minutes") % {"number": f"{seconds / 60:.0f}"}
    if seconds < 172_800:
        return _("%(number)s hours") % {"number": f"{seconds / 3600:.0f}"}
    return _("%(number)s days") % {"number": f"{seconds / 86_400:.0f}"}


def ago(then: datetime, now: datetime) -> str:
    """ "5 minutes ago"; "now" for what is less than ten seconds old or, by a clock that differs, in the future."""
    seconds = (now - then).total_seconds()
    return _("now") if seconds < 10 else _("%(time)s ago") % {"time": how_long(seconds)}


def at(then: datetime) -> str:
    """ "Nov 30, 2026, 4:20 p.m. UTC" in the reader's time zone."""
    return date_format(timezone.localtime(then), "M j, Y, g:i a T")


def count(number: int) -> str:
    return f"{number:,}"


def gigabytes(number: float) -> str:
    return _("%(number)s GB") % {"number": f"{number / 1e9:,.1f}"}


def megabytes(number: float) -> str:
    return _("%(number)s MB") % {"number": f"{number / 1e6:,.0f}"}

"""Template filters and tags for board, list and timeline."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.web.icons import icon
from engagements.base.labels import day_label, status_icon
from engagements.worklist.records import Card, Section
from engagements.worklist.rules import View, initials

register = template.Library()
register.filter(initials)


@register.simple_tag(name="status_icon")
def icon_of_status(status: str) -> SafeString:
    return status_icon(status)


@register.filter
def view_label(view: str) -> str:
    return {View.BOARD: _("Board"), View.LIST: _("List"), View.TIMELINE: _("Timeline")}[View(view)]


@register.filter
def place_names(cities: tuple[str, ...]) -> str:
    """Up to two by name, more as a number."""
    if len(cities) > 2:
        return _("{count} cities").format(count=len(cities))
    return _(" and ").join(cities)


@register.filter
def choose_words(title: str) -> str:
    """Of the box that chooses a card."""
    return _("Choose {title}").format(title=title)


@register.filter
def due_day(card: Card, today: date) -> str:
    """Without the year while it is this one."""
    if card.due_on is None:
        return ""
    if card.precision == "day" and card.due_on.year == today.year:
        return date_format(card.due_on, "M j")
    return day_label(card.due_on, card.precision)


@register.filter
def days_words(days: int) -> str:
    """In 3 days; today; 6 days overdue."""
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("{count} day overdue", "{count} days overdue", -days).format(count=f"{-days:,}")
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


@register.filter
def due_html(card: Card, today: date) -> SafeString:
    """Its day, in red with the days where it is late, with the days where it is soon."""
    if card.due_on is None:
        if card.done_on:
            done = _("done {day}").format(day=day_label(card.done_on, card.precision))
            return format_html('<span class="due">{}</span>', done)
        return format_html('<span class="note">{}</span>', _("no date")) if card.picks else SafeString("")
    day = due_day(card, today)
    if card.is_overdue and card.days is not None:
        form = '<span class="due late">{} {}</span><span class="note late-word">{}</span>'
        return format_html(form, icon("warning"), day, days_words(card.days))
    if card.is_soon and card.days is not None:
        form = '<span class="due due-soon">{}</span><span class="note">{}</span>'
        return format_html(form, day, days_words(card.days))
    return format_html('<span class="due">{}</span>', day)


@register.filter
def section_title(section: Section, today: date) -> str:
    begins = section.begins
    if begins is None:
        return {
            "overdue": _("Overdue"),
            "waiting": _("For you to decide"),
            "week": _("This week"),
            "undated": _("Without a date"),
        }[section.kind]
    if section.kind == "year":
        return date_format(begins, "Y")
    later = (begins.year, begins.month) == (today.year, today.month) or begins == today.replace(day=1)
    return _("Later in {month}").format(month=date_format(begins, "F")) if later else date_format(begins, "F")

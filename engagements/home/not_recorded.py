"""What nobody has recorded of an engagement yet, with the way to add it for those who may."""

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.home.queries.engagement import EngagementPage
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY, EDIT_RECORD, EDIT_UPDATE, UPLOAD_DOCUMENT, VIEW_MONEY


def not_recorded(page: EngagementPage, *, has_risks: bool, has_indicators: bool) -> tuple[tuple[str, str], ...]:
    """(words, address of the form); the address is empty where the viewer may not add it."""
    held, slug = page.row.permissions, page.row.slug
    every = (
        (page.has_money or VIEW_MONEY not in held, _("money"), "money_new", EDIT_MONEY),
        (has_indicators, _("indicators"), "indicator_new", EDIT_INDICATOR),
        (bool(page.documents), _("documents"), "document_new", UPLOAD_DOCUMENT),
        (has_risks, _("open risks"), "risk_new", EDIT_RECORD),
        (bool(page.updates), _("quarterly updates"), "update_new", EDIT_UPDATE),
        (bool(page.records), _("calls, meetings and decisions"), "record_new", EDIT_RECORD),
    )
    missing = ((words, name, need) for is_there, words, name, need in every if not is_there)
    return tuple((words, reverse(name, args=[slug]) if need in held else "") for words, name, need in missing)

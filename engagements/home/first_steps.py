"""The three things that help most at first, by role; each is ticked by doing it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.permissions import Role

NEW = timedelta(days=60)  # since the account was made
# Whose steps somebody with several roles sees.
_FIRST_ROLE = (Role.LEAD, Role.ADVISER, Role.CITY_STAFF, Role.EXPERT, Role.FUNDER, Role.LOCAL_PARTNER)


@dataclass(frozen=True)
class FirstStep:
    """`deed` is what is looked for; `page` a name of an address, with the slug of what `within` names."""

    deed: str
    label: "str | Promise"
    page: str
    within: str = ""  # "engagement", "initiative" or ""


_LOG = FirstStep("logged", _("Log a call, a meeting or a status"), "log")
_PROFILE = FirstStep("profile", _("Say who you are: your title or phone"), "me")
_COMMENT = FirstStep("commented", _("Write a comment on a milestone or a plan"), "engagement", "engagement")
STEPS: dict[Role, tuple[FirstStep, ...]] = {
    Role.LEAD: (
        FirstStep("invited", _("Invite the people of your team"), "initiative_people", "initiative"),
        FirstStep("milestone", _("Add a milestone with its due date"), "milestone_add", "engagement"),
        FirstStep("money", _("Enter what a funder committed"), "portfolio_money_new", "initiative"),
    ),
    Role.ADVISER: (
        _LOG,
        FirstStep("milestone", _("Add a milestone with its due date"), "milestone_add", "engagement"),
        FirstStep("indicator", _("Add an indicator"), "indicator_new", "engagement"),
    ),
    Role.CITY_STAFF: (
        _LOG,
        FirstStep("money", _("Enter a transaction"), "money_new", "engagement"),
        FirstStep("value", _("Enter a value of an indicator"), "indicators", "engagement"),
    ),
    Role.EXPERT: (
        _PROFILE,
        _COMMENT,
        FirstStep("answered", _("Answer a request to experts"), "requests"),
    ),
    Role.FUNDER: (
        _PROFILE,
        FirstStep("view", _("Save a view of your portfolio"), "portfolio", "initiative"),
        FirstStep("report", _("Create a report"), "portfolio_reports", "initiative"),
    ),
    Role.LOCAL_PARTNER: (
        _PROFILE,
        _COMMENT,
        FirstStep("document", _("Upload a document"), "document_new", "engagement"),
    ),
}
DEEDS = frozenset(step.deed for steps in STEPS.values() for step in steps)


def first_role(roles: frozenset[str]) -> Role | None:
    """The role whose steps are shown; None without any."""
    return next((role for role in _FIRST_ROLE if role in roles), None)


def is_new(joined_at: datetime, now: datetime) -> bool:
    return now - joined_at <= NEW

"""How a pilot was tested, as label and words: the facts under the picture of its effect."""

from django.utils.translation import gettext as _

from atlas.formatting.money import format_dollars
from engagements.pilots.queries.verdict_page import VerdictPage
from engagements.pilots.rules.readable import day_words, effect_words, readable
from engagements.pilots.rules.sentences import design_words, has_several_cities
from engagements.pilots.views.shown_effects import size_words
from engagements.pilots.views.shown_finding import counted_label, dates_words, lost_words, people_words
from engagements.verdicts import Verdict

_NOT_SAID = "–"


def facts_of(page: VerdictPage) -> list[tuple[str, str]]:
    """Twelve facts, in the order of reading. The person who could stop it is not named here."""
    plan, finding = page.plan, page.finding
    is_stopped = page.fields.verdict == Verdict.STOPPED
    said = dict(readable(plan))
    outcome = plan.outcome
    source = _("{outcome}, from {source}").format(outcome=outcome.name, source=outcome.source)
    least = finding.detectable if finding else None
    set_by = _("{size}, set by the cities") if has_several_cities(plan) else _("{size}, set by the city")
    power = _("{size} (found in {power} of 100 such tests)")
    return [
        (_("Design"), design_words(plan)),
        (counted_label(plan), people_words(plan, page.arms, page.withheld, is_stopped)),
        (_("Planned dates") if is_stopped else _("Dates"), dates_words(plan.starts_on, plan.ends_on) or _NOT_SAID),
        (_("Outcome"), source if outcome.source else outcome.name),
        (_("Comparison group"), plan.human_subjects.comparison_receives or plan.arms[0].gets),
        (_("Smallest effect worth having"), set_by.format(size=effect_words(plan))),
        (
            _("Smallest effect it could detect"),
            _("Not known")
            if least is None
            else power.format(size=size_words(least, outcome), power=f"{plan.assumptions.power:g}"),
        ),
        (_("Lost to follow-up"), lost_words(plan, finding) if finding else _NOT_SAID),
        (_("Human-subjects determination"), said.get("Human-subjects determination", _NOT_SAID)),
        (_("Consent"), said.get("Consent", _NOT_SAID)),
        (_("Cost"), _cost(page)),
        (_("Approved by a second person"), day_words(page.approved_on) or _NOT_SAID),
    ]


def _cost(page: VerdictPage) -> str:
    fields, plan = page.fields, page.plan
    if fields.cost_usd is not None:
        said = _("{cost} for {each}") if fields.cost_price_year is None else _("{cost} for {each}, in {year} dollars")
        cost = format_dollars(fields.cost_usd)
        return said.format(cost=cost, each=fields.cost_unit, year=fields.cost_price_year)
    if plan.cost_per_unit_usd is not None:
        each = format_dollars(plan.cost_per_unit_usd)
        return _("{cost} for each {unit}, as planned").format(cost=each, unit=plan.unit)
    return _("Not recorded")

"""What every analysis of an outcome says of its ground, and the panel that has nothing to show."""

import numpy as np
from django.utils.translation import gettext as _

from atlas.formatting.counts import format_number_of
from atlas.formatting.shares import format_percent
from atlas.records.analysis import OutcomeTracts
from atlas.records.places import MeasureRecord
from dashboards.formatting.outcomes import LOW_INCOME, people_of, subject
from dashboards.formatting.sentences import with_dashes
from dashboards.panels.base import Panel, Table
from dashboards.panels.content_notices import context_paragraphs

FEW = 30  # tracts under which intervals that lean on many tracts fall short


def about(measure: MeasureRecord) -> str:
    """The sentence that says whom a finding is about, where it names the outcome alone."""
    return _("This is about {people}.").format(people=people_of(measure))


def compared(measure: MeasureRecord) -> str:
    """The sentence that says what is set side by side, where a finding names neither outcome nor people."""
    return _("We compare the {outcome}.").format(outcome=subject(measure))


def notes(tracts: OutcomeTracts) -> tuple[str, ...]:
    """Whom it is about, coverage, and what kind of statement this is; `detailed_notes` has the rest."""
    measure, used = tracts.measure, tracts.used
    known = np.isfinite(tracts.weights) & (tracts.weights > 0)
    said = [
        *context_paragraphs(measure.slug),
        f"Outcome: {with_dashes(measure.label)}; {with_dashes(measure.population)}.",
    ]
    if LOW_INCOME in measure.population:
        said.append("Low-income families: parents at the 25th percentile of US incomes.")
    if known.any():
        share = float(tracts.weights[used].sum() / tracts.weights[known].sum())
        said.append(
            f"Coverage: {int(used.sum())} of {format_number_of(len(tracts.geoids), 'tract')} with a value, with "
            f"{'nearly all' if 0.9995 <= share < 1 else format_percent(share)} of these children."
        )
    if 2 < used.sum() < FEW:
        said.append(f"Only {int(used.sum())} tracts: likely ranges here are too narrow.")
    said.append("These are comparisons of where children grew up; they do not say what made the difference.")
    return tuple(said)


def detailed_notes(tracts: OutcomeTracts) -> tuple[str, ...]:
    """Weights and where the values come from, for Methods and files."""
    measure = tracts.measure
    said = []
    if tracts.weight_rule:
        said.append(f"Weights: {tracts.weight_rule}.")
    if tracts.derivation:
        said.append(f"Percentiles: {tracts.derivation}.")
    if measure.note and not measure.derived_from:
        said.append(with_dashes(measure.note))
    return tuple(said)


def nothing_to_show(slug: str, title: str, tracts: OutcomeTracts, reason: str = "") -> Panel:
    """The panel without a finding, with its reason."""
    return Panel(
        slug=slug,
        title=title,
        finding="",
        figure=None,
        table=Table(title, (), ()),
        sources=tracts.sources,
        caveats=notes(tracts),
        details=detailed_notes(tracts),
        reason=reason or tracts.reason,
        on_sample_map=tracts.place.geometry_is_sample,
    )

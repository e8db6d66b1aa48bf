"""A finding as the fields of a result: what the analysis says, in the words of what was registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from engagements import limits
from engagements.pilots.rules.estimates import Estimate, Finding
from engagements.pilots.rules.registration import DRAWN, Registration
from engagements.pilots.rules.sentences import UNANALYZED, design_words
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.results.records import OWN, Arm, ResultFields, Source
from engagements.verdicts import VERDICTS, Design, Verdict


@dataclass(frozen=True)
class AnalysisName:
    """What an analysis was made of: its number, the number of its data and both fingerprints. `on`: its day."""

    number: int
    data: int
    registration_sha256: str
    data_sha256: str
    on: date

    def words(self) -> str:
        """ "Analysis 12 of data 1 (c0ffee…) by the plan 7c1e…a94f": what names it in a published result."""
        plan, data = short_print(self.registration_sha256), short_print(self.data_sha256)
        return f"Analysis {self.number} of data {self.data} ({data}) by the plan {plan}"


def short_print(sha256: str) -> str:
    """ "7c1e…a94f": enough to compare by eye."""
    return f"{sha256[:4]}…{sha256[-4:]}"


def result_fields(
    plan: Registration, finding: Finding, arms: tuple[ArmCount, ...], name: AnalysisName, project: int
) -> ResultFields:
    """Effect, interval and level as the verdict used them; people are those measured."""
    estimate = finding.primary if isinstance(finding.primary, Estimate) else None
    return ResultFields(
        **_plan_fields(plan, finding.verdict, finding.sentence),
        project=project,
        arms=tuple(Arm(_name_of(plan, one.key), one.measured) for one in arms),
        participants=sum(one.measured for one in arms) if arms else None,
        unit=plan.outcome.unit if estimate else "",
        effect=estimate.value if estimate else None,
        low=finding.shown_low if estimate else None,
        high=finding.shown_high if estimate else None,
        level=estimate.level if estimate else None,
        **_measured(plan, name.on),
        own_data=name.words(),
        sources=(Source("Registered plan, data and analysis of this pilot", kind=OWN, dated=f"{name.on:%B %Y}"),),
    )


def stopped_fields(plan: Registration, sentence: str, on: date, project: int, has_data: bool = False) -> ResultFields:
    """Of a pilot that was stopped without an analysis: no number. `has_data`: data came in all the same."""
    return ResultFields(
        **_plan_fields(plan, Verdict.STOPPED, sentence),
        project=project,
        own_data="Stopped before its data were analyzed" if has_data else "Stopped before an outcome was measured",
        sources=(Source("Registered plan of this pilot", kind=OWN, dated=f"{on:%B %Y}"),),
    )


def smallest_arm(arms: tuple[ArmCount, ...]) -> int:
    return min((one.measured for one in arms), default=0)


def _plan_fields(plan: Registration, verdict: Verdict, sentence: str) -> dict[str, Any]:
    return {
        "finding": _finding(sentence, verdict),
        "outcome": plan.outcome.name[: limits.PHRASE],
        "tried": plan.arms[1].gets,
        "against": (plan.human_subjects.comparison_receives or plan.arms[0].gets)[: limits.SENTENCE],
        "design": (Design.RANDOMIZED if plan.design in DRAWN else Design.QUASI).value,
        "design_words": design_words(plan).lower()[: limits.PHRASE],
        "wanted": plan.outcome.better.value,
        "verdict": verdict.value,
        "reported_by": "The portal",
    }


def _measured(plan: Registration, on: date) -> dict[str, Any]:
    """The outcome's window as far as it was over."""
    begins, ends = plan.outcome.window_from, plan.outcome.window_to
    if begins is None or ends is None or on < begins:
        return {}
    return {"measured_from": begins, "measured_to": min(on, ends)}


def _finding(sentence: str, verdict: Verdict) -> str:
    """The sentence without the verdict before its colon, the design and "Registered before data"."""
    said = sentence.removeprefix(f"{VERDICTS[verdict].sentence}: ").removeprefix(f"{UNANALYZED}: ")
    first = said.split(". ")[0].rstrip(".")
    return first if len(first) <= limits.SENTENCE else f"{first[: limits.SENTENCE - 1]}…"


def _name_of(plan: Registration, key: str) -> str:
    return next((arm.name for arm in plan.arms if arm.key == key), key)

"""Five templates of work: what usually has to be done in each stage, and how many days after its start. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class TemplateStep:
    title: str
    days: int
    acceptance_evidence: str
    needs_approval: bool = False

    def due_on(self, starts_on: date) -> date:
        """A weekend moves to the Monday after."""
        due = starts_on + timedelta(days=self.days)
        return due + timedelta(days=max(0, 7 - due.weekday()) if due.weekday() > 4 else 0)


@dataclass(frozen=True)
class MilestoneTemplate:
    name: str
    steps: tuple[TemplateStep, ...]


TEMPLATES: dict[str, MilestoneTemplate] = {
    "scoping": MilestoneTemplate(
        "Scoping",
        (
            TemplateStep("Meet the city's team", 14, "Notes of the meeting, with who takes part"),
            TemplateStep("Describe the problem and whom it concerns", 42, "Two pages with numbers and their sources"),
            TemplateStep("List the data the city holds", 56, "A list with owner, years, unit and access"),
            TemplateStep(
                "Agree on the question and on the measure of success", 84, "Agreed text, dated", needs_approval=True
            ),
        ),
    ),
    "design": MilestoneTemplate(
        "Design",
        (
            TemplateStep(
                "Choose the intervention with those it concerns", 28, "Notes of what was heard and what was changed"
            ),
            TemplateStep(
                "Write the plan of the evaluation",
                56,
                "Outcome, comparison, sample size, what would count as no effect",
            ),
            TemplateStep("Settle data agreements", 70, "Signed agreements"),
            TemplateStep(
                "Register the plan", 84, "Link to the registration, dated before any outcome", needs_approval=True
            ),
        ),
    ),
    "field": MilestoneTemplate(
        "Field",
        (
            TemplateStep("Train those who deliver it", 14, "Who was trained, when"),
            TemplateStep("Begin", 21, "First day, first people reached"),
            TemplateStep(
                "Check that it is delivered as planned", 49, "Share delivered as planned, and what was changed"
            ),
            TemplateStep("End of the field work", 112, "People reached against people planned"),
        ),
    ),
    "analysis": MilestoneTemplate(
        "Analysis",
        (
            TemplateStep("Receive and check the data", 21, "Rows received, missing and refused"),
            TemplateStep("Estimate as registered", 49, "The estimate with its interval, code kept"),
            TemplateStep("Discuss the result with the city", 63, "Notes of the meeting"),
            TemplateStep("Write down what was learned", 84, "Report, reviewed", needs_approval=True),
        ),
    ),
    "close_out": MilestoneTemplate(
        "Close-out",
        (
            TemplateStep("Decide what goes on", 21, "The decision, and who pays"),
            TemplateStep("Hand over documents and data", 35, "List of what was handed to whom"),
            TemplateStep("Publish what was found", 56, "Address of the publication", needs_approval=True),
            TemplateStep("Ask everybody how it went", 63, "Answers, by role"),
        ),
    ),
}

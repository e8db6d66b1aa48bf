"""Five templates of work: what usually has to be done in each stage, and how many days after its start. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Step:
    title: str
    days: int
    acceptance_evidence: str
    needs_approval: bool = False

    def due_on(self, starts_on: date) -> date:
        """A weekend moves to the Monday after."""
        due = starts_on + timedelta(days=self.days)
        return due + timedelta(days=max(0, 7 - due.weekday()) if due.weekday() > 4 else 0)


@dataclass(frozen=True)
class Template:
    name: str
    steps: tuple[Step, ...]


TEMPLATES: dict[str, Template] = {
    "scoping": Template(
        "Scoping",
        (
            Step("Meet the city's team", 14, "Notes of the meeting, with who takes part"),
            Step("Describe the problem and whom it concerns", 42, "Two pages with numbers and their sources"),
            Step("List the data the city holds", 56, "A list with owner, years, unit and access"),
            Step("Agree on the question and on the measure of success", 84, "Agreed text, dated", needs_approval=True),
        ),
    ),
    "design": Template(
        "Design",
        (
            Step("Choose the intervention with those it concerns", 28, "Notes of what was heard and what was changed"),
            Step(
                "Write the plan of the evaluation",
                56,
                "Outcome, comparison, sample size, what would count as no effect",
            ),
            Step("Settle data agreements", 70, "Signed agreements"),
            Step("Register the plan", 84, "Link to the registration, dated before any outcome", needs_approval=True),
        ),
    ),
    "field": Template(
        "Field",
        (
            Step("Train those who deliver it", 14, "Who was trained, when"),
            Step("Begin", 21, "First day, first people reached"),
            Step("Check that it is delivered as planned", 49, "Share delivered as planned, and what was changed"),
            Step("End of the field work", 112, "People reached against people planned"),
        ),
    ),
    "analysis": Template(
        "Analysis",
        (
            Step("Receive and check the data", 21, "Rows received, missing and refused"),
            Step("Estimate as registered", 49, "The estimate with its interval, code kept"),
            Step("Discuss the result with the city", 63, "Notes of the meeting"),
            Step("Write down what was learned", 84, "Report, reviewed", needs_approval=True),
        ),
    ),
    "close_out": Template(
        "Close-out",
        (
            Step("Decide what goes on", 21, "The decision, and who pays"),
            Step("Hand over documents and data", 35, "List of what was handed to whom"),
            Step("Publish what was found", 56, "Address of the publication", needs_approval=True),
            Step("Ask everybody how it went", 63, "Answers, by role"),
        ),
    ),
}

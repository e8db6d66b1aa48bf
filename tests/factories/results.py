"""A city with its team, a project, and results on their way to the public."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from engagements.models import Engagement, Organisation, Partnership, Project, ReplyRequest, Result, User
from engagements.permissions import Role
from engagements.results.actions.projects import add_project
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import add_result, move_result
from engagements.results.records import ProjectFields, ResultFields, Source
from engagements.reviews.rules.checklists import all_yes
from tests.factories.engagements import NOW, EngagementFactory, everybody

ALL_YES = all_yes("result")


@dataclass
class Desk:
    """Everybody of one city, its project and what they do."""

    city: Engagement
    people: dict[Role, User]
    project: Project

    @property
    def adviser(self) -> User:
        return self.people[Role.ADVISER]

    @property
    def lead(self) -> User:
        return self.people[Role.LEAD]

    @property
    def expert(self) -> User:
        return self.people[Role.EXPERT]

    @property
    def staff(self) -> User:
        return self.people[Role.CITY_STAFF]

    def fields(self, **changes) -> ResultFields:
        made = ResultFields(
            finding="that 5 more in 100 had a job",
            outcome="Employed after a year",
            tried="Coaching",
            design="randomized",
            project=self.project.pk,
            sources=(Source("The report", url="https://example.org/report"),),
            effect=5.0,
            unit="in 100",
            low=1.0,
            high=9.0,
            level=95.0,
            reported_on=date(2026, 6, 1),
        )
        return replace(made, **changes)

    def draft(self, **changes) -> Result:
        return add_result(engagement=self.city.pk, fields=self.fields(**changes), by=self.adviser, now=NOW)

    def move(self, row: Result, status: str, by: User, now=NOW, answers=ALL_YES, why="") -> Result:
        row.refresh_from_db()
        return move_result(
            pk=row.pk, status=status, expected_version=row.version, by=by, now=now, answers=answers, why=why
        )

    def ask(self, row: Result, now=NOW):
        return ask_reply(by=self.adviser, now=now, result=row.pk, contact=self.staff.pk)

    def ask_an_organization(self, row: Result, now=NOW) -> ReplyRequest:
        """Of a partner without an account."""
        partner, made = Organisation.objects.get_or_create(
            slug=f"partner-of-{self.city.slug}", name="A Partner", kind="local_partner", source="a test"
        )
        if made:
            Partnership.objects.create(
                organisation=partner, initiative=self.city.initiative, engagement=self.city, part="p", source="a test"
            )
        return ask_reply(by=self.adviser, now=now, result=row.pk, organisation=partner.pk)

    def answer(self, request, answer="agree", reply=""):
        return answer_reply(
            pk=request.pk, answer=answer, reply=reply, expected_version=request.version, by=self.staff, now=NOW
        )

    def published(self, **changes) -> Result:
        row = self.draft(**changes)
        self.answer(self.ask(row))
        self.move(row, "in_review", self.adviser)
        return self.move(row, "published", self.expert, now=NOW + timedelta(minutes=1))


def make_desk(city: Engagement | None = None) -> Desk:
    city = city or EngagementFactory()
    people = everybody(city)
    fields = ProjectFields("Coaching for parents", tried="A coach for a year")
    project = add_project(engagement=city.pk, fields=fields, by=people[Role.ADVISER], now=NOW)
    return Desk(city, people, project)

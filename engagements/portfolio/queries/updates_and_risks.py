"""What was published and what may go wrong: quarterly updates and risks that funders read."""

from engagements.models import PublishedUpdate, QuarterlyUpdate, Risk
from engagements.portfolio.figures import RiskLine, UpdateLine, UpdateRef
from engagements.portfolio.queries.rows_as_of import read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.portfolio.rules import mark_risk


def read_updates(scope: PortfolioScope) -> dict[bool, dict[int, UpdateLine]]:
    """Of each city the newest quarter that was published, by whether it is fictional. One statement."""
    rows = rows_at(
        QuarterlyUpdate,
        "engagement_id, year, quarter, is_fictional, archived_at",
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    where, params = "", [*rows.params, scope.known]
    for sign, day in ((">=", scope.filters.starts_on), ("<=", scope.filters.ends_on)):
        if day:
            where += f" AND (u.year, u.quarter) {sign} (%s, %s)"
            params += [day.year, (day.month + 2) // 3]
    cities = {city.pk: city for city in scope.cities}
    found: dict[bool, dict[int, UpdateLine]] = {False: {}, True: {}}
    for invented, engagement, pk, year, quarter, number, at, *texts in read(
        f"""SELECT DISTINCT ON (invented, u.engagement_id) u.is_fictional OR u.engagement_id = ANY(%s) AS invented,
            u.engagement_id, u.id, u.year, u.quarter, p.number, p.published_at,
            p.what_we_did, p.what_we_learned, p.what_we_changed, p.what_we_need
        FROM {rows.text} u JOIN {PublishedUpdate._meta.db_table} p ON p.update_id = u.id
        WHERE u.archived_at IS NULL AND p.published_at <= %s{where}
        ORDER BY invented, u.engagement_id, u.year DESC, u.quarter DESC, p.number DESC""",  # noqa: S608 - our own names; values go as parameters
        (scope.invented, *params),
    ):
        city = cities[engagement]
        ref = UpdateRef(pk, year, quarter, number, at)
        found[invented][engagement] = UpdateLine(ref, city.slug, city.city, *texts)
    return found


def read_risks(scope: PortfolioScope) -> dict[bool, tuple[RiskLine, ...]]:
    """Open ones that everybody of the initiative may read, the gravest first. One statement."""
    columns = (
        "engagement_id, title, likelihood, severity, mitigation, opened_on, closed_on, visibility, is_fictional, "
        "archived_at"
    )
    rows = rows_at(Risk, columns, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    cities, levels = {city.pk: city for city in scope.cities}, dict(Risk.Level.choices)
    found: dict[bool, list[RiskLine]] = {False: [], True: []}
    for invented, pk, engagement, title, likelihood, severity, mitigation, opened_on in read(
        f"""SELECT is_fictional OR engagement_id = ANY(%s), id, engagement_id, title, likelihood, severity, mitigation,
            opened_on FROM {rows.text} r
        WHERE archived_at IS NULL AND visibility = 'all' AND opened_on <= %s
        AND (closed_on IS NULL OR closed_on > %s)
        ORDER BY likelihood * severity DESC, opened_on, id""",  # noqa: S608 - our own names; values go as parameters
        (scope.invented, *rows.params, scope.today, scope.today),
    ):
        city = cities[engagement]
        found[invented].append(
            RiskLine(
                pk,
                city.slug,
                city.city,
                title,
                levels[likelihood],
                levels[severity],
                mark_risk(likelihood, severity),
                mitigation,
                opened_on,
            )
        )
    return {kind: tuple(lines) for kind, lines in found.items()}

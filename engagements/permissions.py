"""Who may do what in an engagement: one table, and no is the answer for everything that is not in it. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in an engagement; lead and funder are roles in a whole initiative."""

    LEAD = "lead"
    ADVISER = "adviser"
    EXPERT = "expert"
    CITY_STAFF = "city_staff"
    LOCAL_PARTNER = "local_partner"
    FUNDER = "funder"


ROLE_LABELS = {
    Role.LEAD: "Initiative lead",
    Role.ADVISER: "Adviser",
    Role.EXPERT: "Expert",
    Role.CITY_STAFF: "City staff",
    Role.LOCAL_PARTNER: "Local partner",
    Role.FUNDER: "Funder",
}
INITIATIVE_ROLES = frozenset({Role.LEAD, Role.FUNDER})

# Reading. Each level includes what is published.
VIEW_PUBLISHED = "view_published"  # dates, funder-facing labels, published updates, what is marked "all"
VIEW_CITY = "view_city"  # also what is marked "city"
VIEW_TEAM = "view_team"  # also what is marked "team", internal labels and reasons
VIEW_HISTORY = "view_history"  # who changed what, before and after
VIEW_FUNDER_FACING = "view_funder_facing"  # an initiative in funders' words, with the lists behind its numbers
VIEW_PORTFOLIO = "view_portfolio"  # of one's own initiative: its figures, no list behind them, no payee, no draft
VIEW_TEAM_DOCUMENT = "view_team_document"
VIEW_REQUEST = "view_request"
# Doing.
LOG_PROGRESS = "log_progress"  # also: may own a milestone
EDIT_MILESTONE = "edit_milestone"  # make, change, move dates, archive, templates, dependencies
APPROVE_MILESTONE = "approve_milestone"
COMMENT_TEAM, COMMENT_CITY, COMMENT_ALL = "comment_team", "comment_city", "comment_all"
UPLOAD_DOCUMENT = "upload_document"  # for the levels one may comment on
ASK_REQUEST, ANSWER_REQUEST = "ask_request", "answer_request"
EDIT_UPDATE, REVIEW_UPDATE, APPROVE_UPDATE = "edit_update", "review_update", "approve_update"
EDIT_RECORD = "edit_record"  # decisions, meetings, status of the engagement
WRITE_LOCAL_NOTE = "write_local_note"
MANAGE_ROLES = "manage_roles"
CREATE_INITIATIVE = "create_initiative"  # a role anywhere suffices: the next initiative is nobody's yet
MANAGE_INITIATIVE = "manage_initiative"  # its pledge, dates and cities; archive and restore
EXPORT, IMPORT = "export", "import"
MARK_PUBLIC_RECORD = "mark_public_record"  # what a public-records request may have, what is withheld and why
EXPORT_PUBLIC_RECORD = "export_public_record"  # make the file for a request and download it
EXPORT_CITY_RECORD = "export_city_record"  # everything a lead may read of one city, as one archive
# From plan to money.
VIEW_PLAN = "view_plan"  # drafts too; what is approved is read from view_published on
EDIT_PLAN, REVIEW_PLAN, APPROVE_PLAN = "edit_plan", "review_plan", "approve_plan"
PUBLISH_PLAN = "publish_plan"  # to everybody: the city's own word
VIEW_MONEY = "view_money"  # entries and their sums
VIEW_PAYEE = "view_payee"  # who was paid, notes and numbers of the finance system
EDIT_MONEY = "edit_money"  # enter, reverse, place in tracts, bring in, budgets
VIEW_INDICATOR = "view_indicator"  # drafts too; approved values are read from view_published on
EDIT_INDICATOR, REVIEW_INDICATOR, APPROVE_INDICATOR = "edit_indicator", "review_indicator", "approve_indicator"
EDIT_EVIDENCE, REVIEW_EVIDENCE = "edit_evidence", "review_evidence"  # the library is one: a role anywhere suffices
# What was tried and what came of it.
VIEW_RESULT = "view_result"  # drafts, searches and requests for a reply; what is published is open to all
EDIT_RESULT = "edit_result"  # projects, results, searches; asking the city for its reply
REVIEW_RESULT = "review_result"  # send back, publish, retract
REPLY_RESULT = "reply_result"  # answer for the city
# Pilots: what is tested, on whom, and what it found.
VIEW_PILOT = "view_pilot"  # drafts, registrations, counts and findings; what is published is open to all
EDIT_PILOT = "edit_pilot"  # write, lock, amend and stop a registration; take part with one's own city; agreements
DRAW_PILOT = "draw_pilot"  # bring and lock the list of units, draw the arms
READ_PILOT_UNITS = "read_pilot_units"  # the list of units with salted ids, and who is in which arm
UPLOAD_PILOT_DATA = "upload_pilot_data"
ANALYZE_PILOT = "analyze_pilot"  # run an analysis and hand its result in; the verdict is approved by review_result
MAKE_REPORT, SHARE_PORTFOLIO = "make_report", "share_portfolio"

_READ_ALL = frozenset(
    {
        VIEW_PUBLISHED,
        VIEW_CITY,
        VIEW_TEAM,
        VIEW_HISTORY,
        VIEW_TEAM_DOCUMENT,
        VIEW_REQUEST,
        VIEW_FUNDER_FACING,
        VIEW_PLAN,
        VIEW_MONEY,
        VIEW_PAYEE,
        VIEW_INDICATOR,
        VIEW_RESULT,
        VIEW_PILOT,
    }
)
_ADVISE = _READ_ALL | {
    LOG_PROGRESS,
    EDIT_MILESTONE,
    COMMENT_TEAM,
    COMMENT_CITY,
    COMMENT_ALL,
    UPLOAD_DOCUMENT,
    ASK_REQUEST,
    EDIT_UPDATE,
    EDIT_RECORD,
    MARK_PUBLIC_RECORD,
    WRITE_LOCAL_NOTE,
    EXPORT,
    IMPORT,
    EDIT_PLAN,
    EDIT_MONEY,
    EDIT_INDICATOR,
    EDIT_RESULT,
    EDIT_PILOT,
    DRAW_PILOT,
    READ_PILOT_UNITS,
    UPLOAD_PILOT_DATA,
    ANALYZE_PILOT,
    MAKE_REPORT,
    VIEW_PORTFOLIO,
}

# What stays in an archived initiative: reading, and taking it back.
WHILE_ARCHIVED: frozenset[str] = _READ_ALL | {MANAGE_INITIATIVE}

# In the engagement the role is held in; for lead and funder, in every engagement of the initiative.
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.LEAD: _ADVISE
    | {
        APPROVE_MILESTONE,
        REVIEW_UPDATE,
        APPROVE_UPDATE,
        ANSWER_REQUEST,
        MANAGE_ROLES,
        EXPORT_PUBLIC_RECORD,
        EXPORT_CITY_RECORD,
        CREATE_INITIATIVE,
        MANAGE_INITIATIVE,
        REVIEW_PLAN,
        APPROVE_PLAN,
        REVIEW_INDICATOR,
        APPROVE_INDICATOR,
        REVIEW_RESULT,
        EDIT_EVIDENCE,
        REVIEW_EVIDENCE,
        SHARE_PORTFOLIO,
    },
    Role.ADVISER: _ADVISE,
    Role.EXPERT: _READ_ALL
    | {
        LOG_PROGRESS,
        COMMENT_TEAM,
        COMMENT_CITY,
        UPLOAD_DOCUMENT,
        ASK_REQUEST,
        ANSWER_REQUEST,
        REVIEW_PLAN,
        REVIEW_INDICATOR,
        REVIEW_RESULT,
        ANALYZE_PILOT,
        EDIT_EVIDENCE,
        REVIEW_EVIDENCE,
    },
    Role.CITY_STAFF: _READ_ALL
    | {
        LOG_PROGRESS,
        COMMENT_TEAM,
        COMMENT_CITY,
        UPLOAD_DOCUMENT,
        ASK_REQUEST,
        EDIT_UPDATE,
        WRITE_LOCAL_NOTE,
        MARK_PUBLIC_RECORD,
        EXPORT_PUBLIC_RECORD,
        EXPORT,
        EDIT_PLAN,
        PUBLISH_PLAN,
        EDIT_MONEY,
        EDIT_INDICATOR,
        EDIT_RESULT,
        EDIT_PILOT,
        DRAW_PILOT,
        READ_PILOT_UNITS,
        UPLOAD_PILOT_DATA,
        ANALYZE_PILOT,
        REPLY_RESULT,
        VIEW_PORTFOLIO,
    },
    Role.LOCAL_PARTNER: frozenset(
        {VIEW_PUBLISHED, VIEW_CITY, VIEW_FUNDER_FACING, COMMENT_CITY, UPLOAD_DOCUMENT, VIEW_PORTFOLIO}
    ),
    Role.FUNDER: frozenset(
        {VIEW_PUBLISHED, VIEW_FUNDER_FACING, VIEW_MONEY, MAKE_REPORT, SHARE_PORTFOLIO, VIEW_PORTFOLIO}
    ),
}

# In the other engagements of the same initiative.
ELSEWHERE: dict[Role, frozenset[str]] = {
    Role.ADVISER: frozenset({VIEW_PUBLISHED, VIEW_FUNDER_FACING}),
    Role.CITY_STAFF: frozenset({VIEW_PUBLISHED, VIEW_FUNDER_FACING}),
}

# On a request assigned to a person: of no engagement even without a role, else where they read requests.
ASSIGNED: frozenset[str] = frozenset({VIEW_REQUEST, ANSWER_REQUEST})

# On problems with a number that belong to no engagement: for people who hold such a role anywhere.
TRIAGE: dict[Role, frozenset[str]] = {Role.LEAD: ASSIGNED, Role.EXPERT: ASSIGNED}

# Operators of the machine: roles only, no content.
SUPERUSER: frozenset[str] = frozenset({MANAGE_ROLES})

ALL: frozenset[str] = frozenset().union(*PERMISSIONS.values())


class Visibility(StrEnum):
    TEAM = "team"  # those who work on the engagement, the city's staff among them
    CITY = "city"  # also local partners
    ALL = "all"  # also funders and the initiative's other cities


VIEW_OF = {Visibility.TEAM: VIEW_TEAM, Visibility.CITY: VIEW_CITY, Visibility.ALL: VIEW_PUBLISHED}
WRITE_AT = {Visibility.TEAM: COMMENT_TEAM, Visibility.CITY: COMMENT_CITY, Visibility.ALL: COMMENT_ALL}


def roles_with(permission: str) -> tuple[str, ...]:
    """Roles that hold it where they are held."""
    return tuple(role.value for role, held in PERMISSIONS.items() if permission in held)


def roles_with_elsewhere(permission: str) -> tuple[str, ...]:
    """Roles that hold it in the other engagements of their initiative."""
    return tuple(role.value for role, held in ELSEWHERE.items() if permission in held)


def levels(held: frozenset[str]) -> tuple[Visibility, ...]:
    """What somebody with these permissions may read."""
    return tuple(level for level, permission in VIEW_OF.items() if permission in held)


def writable_levels(held: frozenset[str]) -> tuple[Visibility, ...]:
    return tuple(level for level, permission in WRITE_AT.items() if permission in held)


OWNER_ROLES = roles_with(LOG_PROGRESS)

"""Every table that holds something about a person: what, why, who reads it, how long, what erasure does. Pure.

`docs/privacy.md` shows this table, erasure and the copy for a person follow it, and a test fails for a model that names
people and has no line here. The history of a table (`...Event`) is held as its table is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a row when the person is erased."""

    DELETED = "deleted"
    EMPTIED = "the row stays; what tells who it was goes"
    FORMER = "stays, under “Former member”"
    HASH = "stays: a keyed hash, which leads to nobody"
    LISTED = "stays; a row with their name or address in free text is listed for somebody to read"


@dataclass(frozen=True)
class Held:
    """`path`: the field that leads to the person, "" where an address does; `is_own`: theirs rather than the city's,
    so that it is whole in their copy. `secret`: columns that no copy has."""

    what: str
    why: str
    readers: str
    how_long: str
    fate: Fate
    path: str = ""
    is_own: bool = False
    secret: frozenset[str] = frozenset()


_SELF, _LEADS, _TEAM, _OPERATORS = "the person", "who gives roles there", "the engagement’s team", "operators"
_ACCOUNT = "as long as the account"
_RECORD = "as long as the city’s record"


def _own(what: str, why: str, how_long: str = _ACCOUNT, path: str = "user", secret: Iterable[str] = ()) -> Held:
    return Held(what, why, _SELF, how_long, Fate.DELETED, path, True, frozenset(secret))


def _work(what: str, readers: str = _TEAM, path: str = "") -> Held:
    return Held(what, "the city’s record says who did what", readers, _RECORD, Fate.FORMER, path)


def _used(what: str) -> Held:
    return Held(what, "to see misuse of a link", _LEADS, _RECORD, Fate.HASH)


INVENTORY: Mapping[str, Held] = {
    "engagements.User": Held(
        "name, email address, title, phone, organization, time zone, choice of mail, last sign-in",
        "to sign in and to be reached",
        "the person; name, title and organization: everybody in the same engagements; address: who gives roles",
        _ACCOUNT,
        Fate.EMPTIED,
        "pk",
        True,
        frozenset({"password", "session_epoch"}),
    ),
    "account.EmailAddress": _own("email address and whether it is confirmed", "to sign in"),
    "socialaccount.SocialAccount": _own("what the city’s directory said at single sign-on", "to sign in"),
    "mfa.Authenticator": _own("second step of sign-in: app, passkey, recovery codes", "to sign in", secret=["data"]),
    "engagements.User_groups": _own("groups of permissions", "to operate the portal"),
    "engagements.User_user_permissions": _own("permissions", "to operate the portal"),
    "engagements.UserSession": _own(
        "kind of browser, when it signed in and was last used",
        "to see where one is signed in",
        "until the session ends",
        secret=["session_key"],
    ),
    "engagements.AccessToken": _own(
        "access tokens: what uses them, last use",
        "programs act for the person",
        "400 days after it ended",
        secret=["sha256"],
    ),
    "engagements.CalendarFeed": _own(
        "calendar links, last use", "due dates in a calendar", "400 days after it ended", secret=["sha256"]
    ),
    "engagements.IdempotencyKey": _own(
        "what the API answered a program", "the same call counts once", "7 days", secret=["answer", "body_sha256"]
    ),
    "engagements.FormIdempotencyKey": _own("forms that were sent", "the same form counts once", "400 days"),
    "engagements.NotificationChoice": _own("when mail tells of what", "mail as chosen"),
    "engagements.Notification": _own(
        "what the person was told of", "to be told", "180 days after it was read, 400 days unread"
    ),
    "engagements.Digest": _own("which digests were sent", "no mail twice", "400 days"),
    "engagements.PortfolioDigest": _own("which portfolio mails were sent", "no mail twice", "400 days"),
    "engagements.UpdateReminder": _own("which reminders were sent", "no mail twice", "400 days"),
    "engagements.AccessReviewReminder": _own("which mails on access reviews were sent", "no mail twice"),
    "engagements.FirstStepsDismissal": _own("that the first steps were put away", "not to show them again"),
    "engagements.SavedView": _own("filters of a portfolio", "to find them again"),
    "engagements.WorkView": _own("filters of work", "to find them again"),
    "atlas.AreaUpload": _own("a map file on its way in", "to save an area from it", "a day", path="owner"),
    "engagements.MailAddress": Held(
        "an address that refused mail, and what its server said",
        "not to write there again",
        _LEADS,
        "400 days, and as long as an account has it",
        Fate.DELETED,
    ),
    "engagements.SecurityEvent": Held(
        "who signed in, took files out or changed rights: ids and times, no names",
        "to find misuse",
        "who gives roles there, operators",
        "for good",
        Fate.FORMER,
        "actor",
    ),
    "engagements.SecurityEventSource": Held(
        "kind of browser, part of the network address, keyed hash of a typed address",
        "to find misuse",
        _OPERATORS,
        "400 days (SECURITY_LOG_SOURCE_DAYS)",
        Fate.DELETED,
    ),
    "engagements.ErasureRequest": Held(
        "that the person asked to be erased", "to do it", "the person, operators", "for good", Fate.FORMER, "user", True
    ),
    "engagements.Invitation": Held(
        "address and name of who was invited",
        "the link, and who gave whom which role",
        _LEADS,
        "180 days after it was used, withdrawn or too old; then without address and name",
        Fate.EMPTIED,
        "accepted_by",
    ),
    "engagements.Contact": Held(
        "name, address, phone and title of people without an account",
        "whom the city works with",
        _TEAM,
        _RECORD,
        Fate.EMPTIED,
    ),
    "engagements.ReplyLink": Held(
        "address of who was asked for a reply", "the link in the mail", _LEADS, _RECORD, Fate.EMPTIED
    ),
    "engagements.ReceivedMail": Held(
        "that a mail came from the person, and what became of it; never what it said",
        "the same mail counts once",
        _OPERATORS,
        "the person for 90 days, unless something was posted",
        Fate.FORMER,
        "user",
    ),
    "engagements.UpdateLink": Held(
        "links to write an update, by person", "the link in a reminder", _LEADS, _RECORD, Fate.FORMER, "user"
    ),
    "engagements.ReplyLinkUse": _used("use of a reply link, address as keyed hash"),
    "engagements.ShareLinkUse": _used("use of a shared link, address as keyed hash"),
    "engagements.UpdateLinkUse": _used("use of an update link, address as keyed hash, kind of browser"),
    "engagements.Webhook": Held(
        "where messages are sent on to, by person; the address is encrypted and apart",
        "to send them",
        "the person, who gives roles there",
        _ACCOUNT,
        Fate.EMPTIED,
        "user",
        True,
    ),
    "engagements.WebhookEnd": Held(
        "the address and the key of a webhook, encrypted", "to send messages", "nobody", _ACCOUNT, Fate.DELETED
    ),
    "engagements.Feed": _work("who owns, defined and trusted a feed; the address it reads", path="owner"),
    "engagements.LedgerEntry": _work("who entered money; a payee’s name and address where there is one"),
    "mobility_portal.SignInCounter": Held(
        "how often somebody tried to sign in, by keyed hash",
        "to stop guessing",
        "nobody",
        "an hour at most",
        Fate.HASH,
    ),
    "engagements.EngagementRole": Held(
        "who has or had which role, from when to when",
        "rights follow from it",
        "everybody in the same engagements",
        _RECORD,
        Fate.FORMER,
        "user",
        True,
    ),
    "engagements.AccessReview": _work("who finished a review of access", _LEADS),
    "engagements.AccessDecision": _work("who confirmed or ended which role in a review", _LEADS),
    "engagements.Absence": Held(
        "days away and who covers",
        "work finds somebody",
        "the person and who covers",
        _RECORD,
        Fate.FORMER,
        "user",
        True,
    ),
    "engagements.HoursEntry": Held(
        "hours of work and on what", "effort of a city", _TEAM, _RECORD, Fate.FORMER, "user", True
    ),
    "engagements.Comment": _work("what somebody said; who is mentioned", path="author"),
    "engagements.Comment_mentions": _work("who is mentioned in a comment"),
    "engagements.Record": _work("decisions, meetings and notes: who wrote them, who was there", path="written_by"),
    "engagements.Record_attendees": _work("who was at a meeting"),
    "engagements.ProgressEntry": _work("progress that somebody logged", path="by"),
    "engagements.Activity": Held(
        "one line for each thing somebody did",
        "the city’s record says who did what",
        _TEAM,
        _RECORD,
        Fate.FORMER,
        "by",
    ),
    "engagements.LocalNote": _work("a note on a city’s page, and who wrote it", "everybody", "author"),
    "engagements.Document": _work("who brought a file; people may be named or shown in it", path="uploaded_by"),
    "engagements.Milestone": _work("who owns, approved and repeats a milestone"),
    "engagements.DueDateChange": _work("who moved a due date"),
    "engagements.ExpertRequest": _work("who asked and who answered"),
    "engagements.Risk": _work("who owns a risk"),
    "engagements.Indicator": _work("who owns an indicator"),
    "engagements.IndicatorValue": _work("who entered, reviewed and approved a value"),
    "engagements.FeedSecret": _work("who set the key of a feed", _LEADS),
    "engagements.FeedKey": _work("who made and ended a key of a feed", _LEADS),
    "engagements.FeedReading": _work("who decided on a value of a feed"),
    "engagements.Plan": _work("who wrote, reviewed, approved and closed a plan"),
    "engagements.PlanIntervention": _work("who archived a part of a plan"),
    "engagements.PlanPublication": _work("who approved and published a plan", "everybody"),
    "engagements.Project": _work("who wrote a project"),
    "engagements.ProjectPlan": _work("who linked a plan to a project"),
    "engagements.Result": _work("who wrote and reviewed a result"),
    "engagements.ResultPublication": _work("who published a result", "everybody"),
    "engagements.Pilot": _work("who wrote and stopped a pilot; who may stop one, in its draft"),
    "engagements.PilotCity": _work("who invited a city to a pilot and who accepted"),
    "engagements.PilotLink": _work("who linked a pilot to a milestone, an indicator or dollars"),
    "engagements.RegistrationVersion": _work(
        "who locked a registration; the person named in it who may stop the pilot", "everybody, once published"
    ),
    "engagements.PilotUnitList": _work("who brought and locked a list of units; the units have salted ids only"),
    "engagements.PilotAllocation": _work("who drew the arms of a pilot"),
    "engagements.DataAgreement": _work("who wrote an agreement on data"),
    "engagements.PilotDataset": _work("who brought data of a pilot"),
    "engagements.PilotAnalysis": _work("who ran an analysis"),
    "engagements.PilotResult": _work("who handed in the result of a pilot"),
    "engagements.SearchRecord": _work("who searched for results and published the search"),
    "engagements.ReplyRequest": _work("who asked, follows and gave a reply; the contact asked"),
    "engagements.QuarterlyUpdate": _work("who wrote, reviewed and approved an update"),
    "engagements.PublishedUpdate": _work("who approved a published update", "everybody"),
    "engagements.ReviewDecision": _work("who answered a checklist"),
    "engagements.EvidenceRow": _work("who wrote and reviewed evidence", "everybody"),
    "engagements.BudgetLine": _work("who archived a budget line"),
    "engagements.LedgerPlacement": _work("who placed money on the map"),
    "engagements.Participation": _work("who entered that a city takes part"),
    "engagements.Initiative": _work("who archived an initiative"),
    "engagements.TableMapping": _work("who saved how a table is read"),
    "engagements.TableImport": _work("who brought a table, and what it held; contacts of it too"),
    "engagements.PublicRecordMark": _work("who marked what may be shared", _LEADS),
    "engagements.PublicRecordExport": _work(
        "who asked for a public-records file (the file goes after 30 days)", _LEADS
    ),
    "engagements.Report": _work("who had a report made; names stand in the file as they were"),
    "engagements.ShareLink": _work("who shared a portfolio, and with whom in their words", _LEADS),
    "atlas.Area": Held("who drew an area", "to change it", "the person", _RECORD, Fate.FORMER, "owner", True),
    "atlas.AreaEvent": _work("who changed an area", "operators"),
    "atlas.Confirmation": _work("who confirmed a source", "operators"),
    "atlas.FetchJob": _work("who fetched data", "operators"),
    "atlas.IngestJob": _work("who imported data", "operators"),
    "atlas.ReleaseEvent": _work("who put data in use", "operators"),
}

_HEAD = ("Table", "What", "Why", "Who reads it", "How long", "When the person is erased")


def as_markdown() -> str:
    """The table as `docs/privacy.md` has it; a line for each model, in the order above."""
    rows = [
        (f"`{label}`", held.what, held.why, held.readers, held.how_long, held.fate.value)
        for label, held in INVENTORY.items()
    ]
    lines = (" | ".join(cells) for cells in (_HEAD, ["---"] * len(_HEAD), *rows))
    return "".join(f"| {line} |\n" for line in lines)

"""The security log in words and as a table."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.tables.declaration import Column, Table
from engagements.permissions import ROLE_LABELS, Role
from engagements.security_log.queries.events import EventRow

GROUP_LABELS: dict[str, Promise] = {
    "sign_in": gettext_lazy("Signing in and out"),
    "account": gettext_lazy("Passwords and two-step sign-in"),
    "people": gettext_lazy("Invitations, roles and reviews"),
    "files": gettext_lazy("Downloads and exports"),
    "keys": gettext_lazy("Tokens, links and webhooks"),
    "denied": gettext_lazy("Access denied"),
    "portal": gettext_lazy("The portal itself"),
}
_WAYS: Mapping[str, Promise] = {
    "password": gettext_lazy("password"),
    "mfa": gettext_lazy("two-step sign-in"),
    "socialaccount": gettext_lazy("single sign-on"),
    "code": gettext_lazy("code by email"),
    "password_reset": gettext_lazy("password reset"),
}
_FACTORS: Mapping[str, Promise] = {
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
}
_NOUNS: Mapping[str, Promise] = {
    "document": gettext_lazy("Document"),
    "report": gettext_lazy("Report"),
    "publicrecordexport": gettext_lazy("Public-records file"),
    "webhook": gettext_lazy("Webhook"),
    "accesstoken": gettext_lazy("Token"),
    "feedkey": gettext_lazy("Feed key"),
}
_WHY: Mapping[str, Promise] = {
    "asked": gettext_lazy("asked for"),
    "password": gettext_lazy("password changed"),
    "last_role": gettext_lazy("last role ended"),
    "erased": gettext_lazy("account erased"),
    "guest": gettext_lazy("guest of the directory"),
    "unverified": gettext_lazy("address not verified"),
    "other_domain": gettext_lazy("address of another domain"),
    "no_address": gettext_lazy("no address sent"),
    "no_account": gettext_lazy("no account or invitation"),
    "another_person": gettext_lazy("another person’s account"),
}


def sentence_of(row: EventRow) -> str:
    """What stands behind the label of a kind: role, way, file or page; "" where there is nothing to add."""
    said = row.detail
    parts: list[str] = []
    if role := said.get("role"):
        parts.append(str(ROLE_LABELS[Role(role)]) if role in {each.value for each in Role} else str(role))
    if ways := said.get("by"):
        parts.append(", ".join(str(_WAYS.get(way, way)) for way in dict.fromkeys(str(ways).split(", "))))
    if factor := said.get("type"):
        parts.append(str(_FACTORS.get(str(factor), factor)))
    if noun := _NOUNS.get(row.noun):
        parts.append(f"{noun} {row.object_id}")
    if server := said.get("server"):
        parts.append(str(server))
    if why := said.get("why"):
        parts.append(str(_WHY.get(str(why), why)))
    if to := said.get("to"):
        parts.append(str(to))
    if scopes := said.get("scopes"):
        parts.append(str(scopes))
    if route := said.get("route"):
        number = said.get("id")
        parts.append(f"{said.get('method', '')} /{route}".strip() + (f" ({number})" if number else ""))
    if isinstance(said.get("sessions"), int):
        parts.append(_("sessions: {count}").format(count=said["sessions"]))
    if decision := said.get("decision"):
        parts.append(_("confirmed") if decision == "keep" else _("ended"))
    if quota := said.get("quota"):
        parts.append(str(quota))
    return " · ".join(parts)


def log_table(name: str, address: str, *, with_sources: bool) -> Table:
    columns = [
        Column("number", "integer", "Number"),
        Column("time", "datetime", "Time (UTC)"),
        Column("event", "string", "Event"),
        Column("person", "string", "Person"),
        Column("about", "string", "About"),
        Column("place", "string", "Where"),
        Column("details", "string", "Details"),
    ]
    if with_sources:
        columns += [Column("source", "string", "Browser and network"), Column("request", "string", "Request id")]
    return Table(name, "Security log", tuple(columns), key=("number",), address=address)


def cells_of(row: EventRow, *, with_sources: bool) -> tuple[object, ...]:
    cells = (row.pk, row.at, row.label, row.by, row.about, row.place, sentence_of(row))
    return (*cells, row.source, row.request_id) if with_sources else cells

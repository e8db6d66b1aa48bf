"""Rows of an address list as wishes for contacts: from Google, Outlook, Airtable or any table."""

import re

from engagements import limits
from engagements.base.table_import.named_rows import NamedRows, read_named_rows
from engagements.base.table_import.results import Problem
from engagements.base.tables.mapping import Declaration, Field, Mapping
from engagements.base.tables.table import MANY_ROWS, Kind, Table

CONTACTS = Kind("contact", "contacts", "Contacts", MANY_ROWS)
CONTACT_TABLE = Declaration(
    "contacts",
    "A contact",
    CONTACTS,
    (
        Field(
            "id",
            "Number here",
            "Number of an existing contact; empty for a new one",
            differs=True,
            usual=("portal_id",),
            ours=True,
        ),
        Field(
            "version",
            "Version here",
            "As exported: tells whether someone changed it since",
            differs=True,
            usual=("portal_version",),
            ours=True,
        ),
        Field(
            "external_id",
            "Key in the tool",
            "What stays when a row changes: the tool’s own number, or a column you "
            "choose. Without it, rows are known by their email address",
            differs=True,
            shares=True,
            usual=("contact_id", "record_id", "item_id", "row_id", "key"),
        ),
        Field(
            "name",
            "Name",
            "First and last name; or match the two columns below",
            differs=True,
            usual=("full_name", "contact", "contact_name", "display_name", "person"),
        ),
        Field(
            "first_name",
            "First name",
            "Where first and last name have a column each",
            differs=True,
            usual=("given_name", "first"),
        ),
        Field(
            "last_name",
            "Last name",
            "Where first and last name have a column each",
            differs=True,
            usual=("family_name", "surname", "last"),
        ),
        Field(
            "email",
            "Email",
            "One address",
            differs=True,
            usual=("email_address", "e_mail_address", "e_mail_1___value", "e_mail_1_value", "e_mail", "mail"),
        ),
        Field(
            "phone",
            "Phone",
            "As you dial it",
            usual=("phone_number", "business_phone", "phone_1___value", "phone_1_value", "mobile_phone"),
        ),
        Field(
            "title",
            "Job title",
            "What they do",
            usual=("job_title", "organization_title", "organization_1___title", "role", "position"),
        ),
        Field(
            "organisation",
            "Organization",
            "Where they work",
            usual=("organization", "company", "organization_name", "organization_1___name", "agency", "department"),
        ),
        Field(
            "note",
            "Note",
            f"What the team has to know, up to {limits.NOTE} characters",
            usual=("notes", "comments", "description"),
        ),
        Field("city", "City", "Rows of another city are refused", differs=True),
    ),
    options=(),
    own=("line", "fictional", "reason"),
)
_MOST = {
    "name": limits.NAME,
    "phone": limits.PHONE,
    "title": limits.JOB_TITLE,
    "organisation": limits.NAME,
    "note": limits.NOTE,
}
_TEXTS = ("email", "phone", "title", "organisation", "note")


def read_contacts(table: Table, mapping: Mapping) -> NamedRows:
    """Raises TableRefused when the mapping names a column that the table doesn't have."""

    def read_fields(cell: dict[str, str], problems: list[Problem]) -> dict[str, str]:
        parts = (cell.get("first_name", ""), cell.get("last_name", ""))
        fields = {name: " ".join(cell[name].split()) for name in _TEXTS if mapping.has(name)}
        fields["name"] = cell.get("name", "") or " ".join(part for part in parts if part)
        for name, most in _MOST.items():
            if len(fields.get(name, "")) > most:
                problems.append((name, f"It has more than {most} characters."))
        if (email := fields.get("email", "")) and not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", email):
            problems.append(("email", f"“{email[:60]}” is not one email address."))
        return fields

    return read_named_rows(table, mapping, read_fields)

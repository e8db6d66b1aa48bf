"""Every section of `/operations/` and of `/metrics`, in the order of the page. A subject adds its line here."""

from django.utils.translation import gettext_lazy as _

from mobility_portal.identity import figures as security
from mobility_portal.observing.figures import Section
from mobility_portal.observing.reads import (
    backups,
    database,
    disk,
    errors,
    feeds,
    jobs,
    mail,
    privacy,
    queues,
    releases,
    schedule,
    version,
)

SECTIONS: tuple[Section, ...] = (
    Section("errors", _("Errors"), errors.read, asks="broker"),
    Section("queues", _("Workers and queues"), queues.read, asks="broker"),
    Section("jobs", _("Imports and reports"), jobs.read),
    Section("mail", _("Mail and messages"), mail.read),
    Section("feeds", _("Feeds"), feeds.read),
    Section("releases", _("Data in use"), releases.read),
    Section("backups", _("Backups"), backups.read),
    Section("security", _("Sign-in and access"), security.read),
    Section("privacy", _("People’s data"), privacy.read),
    Section("database", _("Database"), database.read),
    Section("disk", _("Disk"), disk.read, asks="machine"),
    Section("schedule", _("Scheduled tasks"), schedule.read, asks="broker"),
    Section("version", _("Version"), version.read, asks="machine"),
)

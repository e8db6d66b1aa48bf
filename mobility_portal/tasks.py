"""Celery's edge for what belongs to no app below: one call each."""

from celery import shared_task
from django.utils import timezone

from atlas.ingest.public_changes import forget_public_changes
from mobility_portal.backup.scheduled import make_due_backup
from mobility_portal.mail_files import delete_old_mails
from mobility_portal.page_cache import warming


@shared_task(name="mobility_portal.tasks.warm_pages", ignore_result=True, expires=30)
def warm_pages() -> None:
    """Makes the pages a flip made old, whoever flipped."""
    warming.warm_pages()


@shared_task(name="mobility_portal.tasks.forget_public_changes", ignore_result=True, expires=600)
def shorten_public_changes() -> None:
    """Keeps the versions of public pages and of portfolios short."""
    forget_public_changes()
    forget_public_changes("engagements_work_change")


@shared_task(name="mobility_portal.tasks.make_due_backup", ignore_result=True, expires=600)
def back_up() -> None:
    """A backup of the whole portal when one is due; writes the list of erasures beside them."""
    make_due_backup(timezone.now())


@shared_task(name="mobility_portal.tasks.delete_old_mails", ignore_result=True, expires=3600)
def let_go_of_old_mails() -> None:
    """Mail that lies in files because there is no mail server."""
    delete_old_mails(timezone.now())

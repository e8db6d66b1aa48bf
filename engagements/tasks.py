"""Celery's edge of engagements: one call each; run again they send nothing twice."""

from time import monotonic

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from engagements.access_reviews.actions import open_reviews
from engagements.access_reviews.mail import send_review_mails
from engagements.base.one_at_a_time import one_at_a_time
from engagements.base.orphan_files import delete_orphan_files
from engagements.base.quotas import forget_old_uses
from engagements.base.waiting_files import delete_expired_waiting
from engagements.demo.money import place_demo_money
from engagements.demo.people import demo_people
from engagements.demo.pilots import seed_next_demo_pilot
from engagements.demo.plan import is_demo_plan_there, seed_demo_plan
from engagements.discussion.actions.previews import make_missing_previews
from engagements.feeds.actions.checking import check_due
from engagements.finding.actions.documents import read_waiting_documents
from engagements.finding.actions.index import learn_words
from engagements.home.mail import send_digests
from engagements.imports.worker import lost_imports, run_import
from engagements.milestones.actions.recurrence import make_due
from engagements.notifications.mail import send_collected, send_outgoing
from engagements.permissions import Role
from engagements.pilots.actions.deletion import delete_due
from engagements.pilots.actions.running import lost_analyses
from engagements.pilots.power_worker import run_power
from engagements.pilots.worker import run_analysis
from engagements.portfolio.mail.digests import send_portfolio_digests
from engagements.privacy.actions.retention import let_go
from engagements.public_records.actions import make_exports
from engagements.quarterly.mail import send_update_reminders
from engagements.security_log.actions.anchors import write_anchor
from engagements.security_log.actions.chain import link_events
from engagements.security_log.actions.retention import erase_old_sources
from engagements.sessions.actions import forget_ended_sessions
from engagements.webhooks.actions.delivery import plan_deliveries, send_due

# Task names are explicit and stay when a function or module moves: messages in the broker carry them.


@shared_task(name="engagements.tasks.send_mail_at_once", ignore_result=True, expires=30)
def send_notification_mails() -> None:
    """What people want to hear of at once."""
    send_outgoing(now=timezone.now())


@shared_task(name="engagements.tasks.link_security_events", ignore_result=True, expires=30)
def link_security_events() -> None:
    """Events of the security log that were recorded since get their place in its chain."""
    link_events()


@shared_task(name="engagements.tasks.anchor_security_log", ignore_result=True, expires=300)
def anchor_security_log() -> None:
    """The chain's end is written outside of the database; what was kept long enough goes."""
    now = timezone.now()
    erase_old_sources(days=settings.SECURITY_LOG_SOURCE_DAYS, now=now)
    link_events()
    write_anchor(settings.SECURITY_LOG_ANCHORS, now)


@shared_task(name="engagements.tasks.forget_ended_sessions", ignore_result=True, expires=600)
def forget_old_sessions() -> None:
    """Sessions whose time is over, the rows about them, and what was counted of quotas a month ago."""
    now = timezone.now()
    forget_ended_sessions(now=now)
    forget_old_uses(today=now.date())


@shared_task(name="engagements.tasks.delete_pilot_data", ignore_result=True, expires=3600)
def delete_pilot_data() -> None:
    """Rows about people whose day of deletion has come."""
    with one_at_a_time("pilot data") as may:
        if may:
            delete_due(now=timezone.now())


@shared_task(name="engagements.tasks.review_access", ignore_result=True, expires=600)
def review_access() -> None:
    """Opens the reviews of the quarter, and mails leads about those that wait."""
    now = timezone.now()
    open_reviews(now=now)
    send_review_mails(now=now)


@shared_task(name="engagements.tasks.let_go_of_old_data", ignore_result=True, expires=3600)
def let_go_of_old_data() -> None:
    """What was kept about people long enough."""
    let_go(now=timezone.now())


@shared_task(name="engagements.tasks.make_previews", ignore_result=True, expires=30)
def make_previews() -> None:
    """Of documents that were brought since."""
    make_missing_previews(now=timezone.now())


@shared_task(name="engagements.tasks.make_public_record_exports", ignore_result=True, expires=30)
def make_public_record_exports() -> None:
    """Those that were asked for; files that expired go."""
    make_exports(now=timezone.now())


@shared_task(name="engagements.tasks.make_next_milestones", ignore_result=True, expires=600)
def make_next_milestones() -> None:
    """Of milestones that come back and whose day has come."""
    make_due(now=timezone.now())


@shared_task(name="engagements.tasks.send_webhooks", ignore_result=True, expires=30)
def send_webhooks() -> None:
    """To chats and programs: what happened since the last look, and what did not arrive before."""
    now = timezone.now()
    with one_at_a_time("webhooks") as may:
        if may:
            plan_deliveries(now=now)
            send_due(now=now)


@shared_task(name="engagements.tasks.send_collected_notifications", ignore_result=True, expires=600)
def send_collected_notifications() -> None:
    """Of a day or a week, for those who chose so, where the morning has come."""
    send_collected(now=timezone.now())


@shared_task(name="engagements.tasks.send_digests", ignore_result=True, expires=600)
def send_digest_mails() -> None:
    """The digests whose morning has come somewhere."""
    send_digests(now=timezone.now())


@shared_task(name="engagements.tasks.finish_demo", ignore_result=True, expires=30)
def finish_demo() -> None:
    """On the private database only: the invented plan and tracts of invented money wait for the first data."""
    if not settings.DEMO_ACCOUNTS:
        return
    people, now = demo_people(), timezone.now()
    place_demo_money(people[Role.ADVISER], now)
    if not is_demo_plan_there():
        seed_demo_plan(people, now)
    else:  # one at each tick, when the first data are in: a start has enough to do
        seed_next_demo_pilot(people, now)


@shared_task(name="engagements.tasks.send_portfolio_digests", ignore_result=True, expires=600)
def send_portfolio_digest_mails() -> None:
    """The portfolios' mails on a quarter that ended, where the morning has come."""
    send_portfolio_digests(now=timezone.now())


@shared_task(name="engagements.tasks.send_update_reminders", ignore_result=True, expires=600)
def send_update_reminder_mails() -> None:
    """Quarterly updates that are soon due or late, where the morning has come."""
    send_update_reminders(now=timezone.now())


@shared_task(name="engagements.tasks.check_feeds", ignore_result=True, expires=30)
def check_feeds() -> None:
    """Feeds whose time has come, many at once. It ends after a minute: mail and imports wait for no publisher."""
    began = monotonic()
    with one_at_a_time("feeds") as may:
        while may and monotonic() - began < 60 and check_due(now=timezone.now()):
            pass


@shared_task(name="engagements.tasks.read_documents", ignore_result=True, expires=15)
def read_documents() -> None:
    """The words of documents that were uploaded, so that they can be found."""
    read_waiting_documents(now=timezone.now())


@shared_task(name="engagements.tasks.run_table_import", ignore_result=True)
def run_table_import(pk: int) -> None:
    """A long table that somebody brought: checked, or imported."""
    run_import(pk, now=timezone.now())


@shared_task(name="engagements.tasks.delete_orphan_files", ignore_result=True, expires=3600)
def delete_orphans() -> None:
    """Files that no row names, and those that waited too long to be kept."""
    delete_orphan_files(now=timezone.now())
    delete_expired_waiting(now=timezone.now())


@shared_task(name="engagements.tasks.recover_table_imports", ignore_result=True, expires=30)
def recover_table_imports() -> None:
    """Hands tables without a worker to the broker again; harmless when one is still on its way."""
    for pk in lost_imports(now=timezone.now()):
        run_table_import.delay(pk)


@shared_task(name="engagements.tasks.learn_words", ignore_result=True, expires=60)
def learn_new_words() -> None:
    """What misspelled words are compared with."""
    learn_words(now=timezone.now())


@shared_task(name="engagements.tasks.run_pilot_analysis", ignore_result=True)
def run_pilot_analysis(pk: int) -> None:
    """What was registered, reckoned from what was measured."""
    run_analysis(pk, now=timezone.now())


@shared_task(name="engagements.tasks.simulate_pilot_power", ignore_result=True)
def simulate_pilot_power(pk: int, fingerprint: str) -> None:
    """What a test that compares over time could find, in made-up trials."""
    run_power(pk, fingerprint)


@shared_task(name="engagements.tasks.recover_pilot_analyses", ignore_result=True, expires=30)
def recover_pilot_analyses() -> None:
    """Hands analyses without a worker to the broker again; harmless when one is still on its way."""
    for pk in lost_analyses(now=timezone.now()):
        run_pilot_analysis.delay(pk)

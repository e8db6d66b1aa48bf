from django.apps import AppConfig
from django.conf import settings


class MobilityPortalConfig(AppConfig):
    name = "mobility_portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Makes our Celery application the current one, so that `shared_task` in any app binds to it.
        from engagements.base.erasures import erased
        from engagements.privacy.actions.erasing import person_erased
        from mobility_portal import celery  # noqa: F401
        from mobility_portal.backup.erasures import keep_erasure
        from mobility_portal.identity import security_signals  # noqa: F401 - connects them
        from mobility_portal.mail_files import delete_mails_to

        erased.connect(keep_erasure, dispatch_uid="keep_erasure")
        person_erased.connect(delete_mails_to, dispatch_uid="delete_mails_to")
        if settings.SENTRY_DSN:
            from mobility_portal.observing import sentry

            sentry.start(settings.SENTRY_DSN, settings.CODE_VERSION)

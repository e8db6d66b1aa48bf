from django.apps import AppConfig
from django.conf import settings


class MobilityPortalConfig(AppConfig):
    name = "mobility_portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Makes our Celery application the current one, so that `shared_task` in any app binds to it.
        from engagements.base.erasures import erased
        from mobility_portal import celery  # noqa: F401
        from mobility_portal.backup.erasures import keep_erasure
        from mobility_portal.identity import security_signals  # noqa: F401 - connects them

        erased.connect(keep_erasure, dispatch_uid="keep_erasure")
        if settings.SENTRY_DSN:
            from mobility_portal.observing import sentry

            sentry.start(settings.SENTRY_DSN, settings.CODE_VERSION)

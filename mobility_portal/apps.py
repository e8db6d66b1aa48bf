from django.apps import AppConfig


class MobilityPortalConfig(AppConfig):
    name = "mobility_portal"
    default_auto_field = "django.db.models.BigAutoField"

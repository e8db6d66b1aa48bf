from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # A restore erases people and data of pilots again: it must know how, whoever runs it.
        from engagements.pilots.actions import deletion  # noqa: F401 - registers it
        from engagements.privacy.actions import erasing  # noqa: F401 - registers it

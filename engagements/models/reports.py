"""Reports made in the worker and kept; views people saved; links that let others read a portfolio for a while."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from engagements import limits
from engagements.models.abstract import paired, person
from engagements.models.documents import document_storage, random_name


class Report(models.Model):
    """A file of a portfolio or of a plan. `figures` is what it was made of, so that it can be made again."""

    class Kind(models.TextChoices):
        PORTFOLIO_PDF = "portfolio_pdf", "Quarterly report, PDF"
        PORTFOLIO_PPTX = "portfolio_pptx", "Quarterly report, PowerPoint"
        PORTFOLIO_XLSX = "portfolio_xlsx", "Quarterly report, Excel"
        EVIDENCE_PACK = "evidence_pack", "Certification and recovery-fund pack, Excel"
        PLAN_PDF = "plan_pdf", "Plan, PDF"
        PLAN_PPTX = "plan_pptx", "Plan, PowerPoint"

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Not made"

    kind = models.CharField(max_length=14, choices=Kind)
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="reports")
    plan = models.ForeignKey(
        "engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    query = models.CharField(
        max_length=limits.FILTER_QUERY, blank=True, default="", help_text="filters, as in the page's address"
    )
    as_of = models.DateTimeField(help_text="what was known then")
    number = models.PositiveIntegerField(help_text="counts the reports of one kind of one portfolio or plan")
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(
        max_length=limits.REPORT_STEP, blank=True, default="", help_text="what is being done, in words"
    )
    problem = models.CharField(
        max_length=limits.SENTENCE, blank=True, default="", help_text="why it was not made, for people"
    )
    figures = models.JSONField(null=True, blank=True)
    file = models.FileField(storage=document_storage, upload_to=random_name, max_length=100, blank=True, default="")
    file_name = models.CharField(max_length=120, blank=True, default="")
    media_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    made_by = person()
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["initiative", "-asked_at"], name="report_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "plan", "kind", "number"], name="report_number_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="report_percent", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="report_done_has_file", condition=~Q(status="done") | (~Q(file="") & Q(size__gt=0, percent=100))
            ),
            models.CheckConstraint(name="report_failed_says_why", condition=~Q(status="failed") | ~Q(problem="")),
            models.CheckConstraint(
                name="report_of_a_plan_or_portfolio",
                condition=Q(kind__startswith="plan_", plan__isnull=False)
                | (~Q(kind__startswith="plan_") & Q(plan__isnull=True)),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class SavedView(models.Model):
    """Filters of a portfolio under a name, one person's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=limits.SHORT_NAME)
    query = models.CharField(max_length=limits.FILTER_QUERY, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "initiative", "name"], name="saved_view_once"),
            models.CheckConstraint(name="saved_view_has_name", condition=Q(name__regex=r"\S")),
        ]


class ShareLink(models.Model):
    """Lets whoever has it read one portfolio, as funders see it, until it expires. Only its hash is kept."""

    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="share_links")
    label = models.CharField(max_length=limits.SHORT_NAME, help_text="for whom it is")
    query = models.CharField(max_length=limits.FILTER_QUERY, blank=True, default="")
    as_of = models.DateTimeField(null=True, blank=True, help_text="empty: what is known when it is opened")
    sha256 = models.CharField(max_length=64, unique=True)
    made_by = person()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = person(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="share_link_expires", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(name="share_link_has_label", condition=Q(label__regex=r"\S")),
            paired("share_link_revoked_pair", "revoked_at", "revoked_by"),
        ]


class ShareLinkUse(models.Model):
    """One opening of a link. The address is kept as a keyed hash: enough to count readers, not to identify them."""

    link = models.ForeignKey(ShareLink, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    address_hash = models.CharField(max_length=64)
    agent = models.CharField(max_length=limits.BROWSER, blank=True, default="")
    was_let_in = models.BooleanField()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PortfolioDigest(models.Model):
    """A quarter's mail to one reader of a portfolio: the row is made before it is sent, so that it is sent once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "initiative", "year", "quarter"], name="portfolio_digest_once"),
            models.CheckConstraint(name="portfolio_digest_quarter", condition=Q(quarter__gte=1, quarter__lte=4)),
        ]

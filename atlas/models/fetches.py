"""Fetching publishers' files: one job for a whole set of them."""

from django.db import models

from atlas.models.jobs import Job, finished_when_ended


class FetchJob(Job):
    """The files of a default portal on their way from the publishers.

    Bytes are of all files together; the total is an estimate until each server has said how long its file is.
    `report` holds how each file fared, and at the end what was queued for import.
    """

    file_name = models.CharField(max_length=255, blank=True, default="", help_text="under way now")
    files_done = models.PositiveSmallIntegerField(default=0)
    files_total = models.PositiveSmallIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "created_at"], name="fetchjob_status_created")]
        constraints = [finished_when_ended("fetchjob_finished_when_ended")]

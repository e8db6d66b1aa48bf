"""What a maker of reports is, and the one way it may say that there is nothing to make."""

from collections.abc import Callable

from engagements.models import Report
from engagements.portfolio.actions.reports import ReportFile

Progress = Callable[[int, str], None]  # percent done, and what is being done now
Maker = Callable[[Report, Progress], ReportFile]

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PUBLISHER = "Mobility Portal"


class NotMakeable(ValueError):
    """There is nothing to make a report of; the text says why, for people."""

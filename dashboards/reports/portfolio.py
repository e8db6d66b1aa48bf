"""Makers of the quarterly report: slides and PDF tell its story, the workbook has every table.

Always as of the moment it was asked for, so that it can be made again.
"""

from collections.abc import Callable
from urllib.parse import parse_qs

from django.utils import timezone

from dashboards.base.chosen_dollars import in_file_name
from dashboards.documents.model import Document
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.documents.xlsx import write_xlsx
from dashboards.reports.maker import PDF, PPTX, XLSX, NotMakeable, Progress
from dashboards.reports.portfolio_document import portfolio_document
from dashboards.reports.portfolio_story import portfolio_story
from engagements.access.errors import NotFound
from engagements.models import Report
from engagements.portfolio.actions.reports import ReportFile
from engagements.portfolio.queries.portfolio import (
    NoRecordsYet,
    PortfolioFigures,
    WrongFilter,
    portfolio,
    read_filter,
)

NOTHING_CHOSEN = "The filters match no city, so there is nothing to report. Choose others and ask again."
NO_ROLE = "The person who created this report can no longer read this portfolio."


def read_figures(report: Report) -> PortfolioFigures:
    """What whoever asked may read, as it was known then. Raises NotMakeable."""
    try:
        figures = portfolio(
            report.made_by,
            report.initiative.slug,
            read_filter(parse_qs(report.query)),
            as_of=report.as_of,
            now=timezone.now(),
        )
    except NotFound as gone:
        raise NotMakeable(NO_ROLE) from gone
    except (NoRecordsYet, WrongFilter) as reason:
        raise NotMakeable(str(reason)) from reason
    if figures.is_empty:
        raise NotMakeable(NOTHING_CHOSEN)
    return figures


def _make(
    report: Report,
    progress: Progress,
    tell: Callable[[PortfolioFigures], Document],
    write: Callable[[Document], bytes],
    ending: str,
    kind: str,
) -> ReportFile:
    progress(5, "reading the figures")
    figures = read_figures(report)
    progress(40, "writing the words and tables")
    document = tell(figures)
    progress(60, "making the file")
    content = write(document)
    progress(95, "keeping it")
    return ReportFile(content, file_name(report, "quarterly-report", ending), kind, figures.to_json())


def file_name(report: Report, what: str, ending: str) -> str:
    name = in_file_name(f"{report.initiative.slug[:60]}-{what}-{report.as_of:%Y-%m-%d}-{report.number}")
    return f"{name}.{ending}"


def make_pdf(report: Report, progress: Progress) -> ReportFile:
    return _make(report, progress, portfolio_story, write_pdf, "pdf", PDF)


def make_pptx(report: Report, progress: Progress) -> ReportFile:
    return _make(report, progress, portfolio_story, write_pptx, "pptx", PPTX)


def make_xlsx(report: Report, progress: Progress) -> ReportFile:
    return _make(report, progress, portfolio_document, write_xlsx, "xlsx", XLSX)

"""What a project, and a search that found nothing, must be before they are kept. Pure."""

from datetime import date

from engagements import limits
from engagements.results.records import Problems, ProjectFields, SearchFields

PROJECT_STATES = ("planned", "running", "ended", "continues", "not_continued", "unknown")
PROJECT_TESTS = ("none", "planned", "running")


def validate_project(project: ProjectFields) -> Problems:
    """Everything wrong with a project; empty: it may be kept."""
    found: Problems = []
    if not project.title.strip():
        found.append(("title", "Name the project in a few words."))
    for name, value in vars(project).items():
        most = {"title": limits.TITLE, "reach_unit": limits.PHRASE, "status_words": limits.SENTENCE}.get(
            name, limits.DEFINITION
        )
        if isinstance(value, str) and len(value) > most:
            found.append((name, f"Shorten it to {most:,} characters."))
    if project.status not in PROJECT_STATES:
        found.append(("status", "Choose one of the list."))
    if project.test not in PROJECT_TESTS:
        found.append(("test", "Choose one of the list."))
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        found.append(("ends_on", "It ends before it begins."))
    if project.reach_number is not None and not 0 <= project.reach_number <= limits.MOST_PEOPLE_STUDIED:
        found.append(("reach_number", "Give a whole number from 0 to a thousand million."))
    if project.reach_number is not None and not project.reach_unit.strip():
        found.append(("reach_unit", "Say what is counted, for example families."))
    return found


def validate_search(search: SearchFields, *, today: date) -> Problems:
    """Everything wrong with a search; empty: it may be kept."""
    needed = {
        "searched_by": ("Say who searched.", limits.NAME),
        "what": ("Say what was looked for.", limits.SENTENCE),
        "places": ("Say where: addresses, registries, libraries.", limits.DEFINITION),
    }
    found: Problems = []
    for name, (sentence, most) in needed.items():
        if not getattr(search, name).strip():
            found.append((name, sentence))
        if len(getattr(search, name)) > most:
            found.append((name, f"Shorten it to {most:,} characters."))
    if search.searched_on > today:
        found.append(("searched_on", "This day is still to come."))
    return found

"""What the documents name is there: paths of the repository, links between documents, targets of the Makefile."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
_FILE = re.compile(r".+\.(py|md|toml|html|css|js|typ)")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")


def _paths(text: str) -> Iterator[str]:
    """Code spans that name something in the repository: `engagements/access/`, `pyproject.toml`; no URL, no option."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var"}
    for span in _SPAN.findall(_FENCED.sub("", text)):
        if _PATH.fullmatch(span) and (_FILE.fullmatch(span) or ("/" in span and span.split("/")[0] in folders)):
            yield span


def _targets(text: str) -> Iterator[str]:
    """Targets in code spans and code blocks; prose may make sure of something."""
    for code in [*_FENCED.findall(text), *_SPAN.findall(_FENCED.sub("", text))]:
        yield from _TARGET.findall(code)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_and_link_leads_somewhere(paper: Path):
    text = paper.read_text("utf-8")
    missing = [path for path in _paths(text) if not (ROOT / path).exists()]
    links = [link.partition("#")[0] for link in _LINK.findall(_FENCED.sub("", text)) if "://" not in link]
    missing += [link for link in links if link and not (paper.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_is_in_the_makefile(paper: Path):
    known = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(_targets(paper.read_text("utf-8"))) - known == set()


def test_the_index_lists_every_decision():
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    files = {path.name for path in (ROOT / "docs/decisions").glob("*.md")} - {"README.md"}
    assert set(_LINK.findall(index)) == files


def test_what_is_no_path_is_left_alone_and_a_wrong_one_is_found():
    text = "`/cities/detroit/` `manage.py fetch` `engagements/no_such_room/` `PORT=8001` `no_such.py` `a, b`"
    assert list(_paths(text)) == ["engagements/no_such_room/", "no_such.py"]
    assert list(_targets("make sure that `make run PORT=1` and\n```\nmake no-such\n```")) == ["no-such", "run"]


_CALL = re.compile(r"^([a-z_]+)\(|^([A-Z]\w+(?:\.\w+)?|[a-z]+(?:_[a-z]+)+)$")


def _names(text: str) -> Iterator[str]:
    """Code spans that read as a name of the code: `preview_import(..)`, `BulkChange`, `work_url`."""
    for span in _SPAN.findall(_FENCED.sub("", text)):
        if found := _CALL.match(span):
            yield (found[1] or found[2]).split(".")[0]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_of_the_code_is_in_the_code(paper: Path):
    folders = ("atlas", "dashboards", "deploy", "engagements", "mobility_portal", "scripts", "tests", "templates")
    sources = [ROOT / "docker-compose.yml", *(path for folder in folders for path in (ROOT / folder).rglob("*.*"))]
    text = "\n".join(path.read_text("utf-8") for path in sources if path.suffix in (".py", ".html", ".yml", ".toml"))
    known = set(re.findall(r"\w+", text)) | {"PYTHON", "pg_dump"}  # an option of make, a program of Postgres
    assert [name for name in dict.fromkeys(_names(paper.read_text("utf-8"))) if name not in known] == []

"""CODE_VERSION: another release of the portal reads no figure that this one computed."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from dashboards.places import picture_views
from dashboards.portfolio import cache as portfolio_cache
from engagements.money.queries.sums import money_version
from engagements.portfolio.queries.portfolio import PortfolioFilter
from mobility_portal.code_version import APPS, code_version
from tests.dashboards.panels.records import make_city
from tests.factories.portfolio import World

ROOT = Path(settings.BASE_DIR)
SOURCES = sorted(path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py"))
OTHER = (
    Path("templates/dashboards/portfolio/page.html"),
    Path("dashboards/exports/typst/report.typ"),
    Path("requirements.txt"),
    Path("static/favicon.svg"),
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    copied = tmp_path_factory.mktemp("tree")
    for folder in (*APPS, "templates", "static"):
        shutil.copytree(ROOT / folder, copied / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", copied)
    return copied


def test_the_same_tree_has_the_same_version_wherever_it_is(tree):
    assert code_version(tree) == code_version(ROOT)
    assert settings.CODE_VERSION


@pytest.mark.parametrize("app", APPS)
def test_any_source_file_of_an_app_changes_the_version(tree, app):
    """Read files one after the other: each change gives a version nobody has seen."""
    own = [path for path in SOURCES if path.parts[0] == app]
    seen = {code_version(tree)}
    for path in own[:: max(1, len(own) // 12)]:
        with (tree / path).open("a") as file:
            file.write("# changed\n")
        version = code_version(tree)
        assert version not in seen, path
        seen.add(version)


@pytest.mark.parametrize("path", OTHER, ids=str)
def test_templates_and_pinned_libraries_change_the_version(tree, path):
    before = code_version(tree)
    (tree / path).write_text((tree / path).read_text("utf-8") + "\n", "utf-8")
    assert code_version(tree) != before


def test_a_file_that_is_renamed_or_added_changes_the_version_and_a_compiled_one_does_not(tree):
    before = code_version(tree)
    (tree / "atlas/vectors.py").rename(tree / "atlas/other.py")
    renamed = code_version(tree)
    (tree / "atlas/empty.py").touch()
    assert len({before, renamed, code_version(tree)}) == 3
    added = code_version(tree)
    (tree / "atlas/__pycache__").mkdir()
    (tree / "atlas/__pycache__/other.cpython-313.pyc").write_bytes(b"compiled")
    assert code_version(tree) == added


def test_the_id_of_the_build_goes_before_the_hash(tree):
    assert code_version(tree, "v7-3f2a") == "v7-3f2a"


@pytest.mark.django_db
def test_the_key_of_portfolio_figures_holds_the_version():
    world = World(name="Homes and Work")
    asked = ("figures", world.funder, world.initiative, PortfolioFilter(), None, timezone.now())
    key = portfolio_cache._key(*asked)
    assert key == portfolio_cache._key(*asked)
    with override_settings(CODE_VERSION="another"):
        assert portfolio_cache._key(*asked) != key


@pytest.mark.django_db
def test_what_a_browser_keeps_of_pictures_and_money_is_named_after_the_version():
    world = World()

    def tags() -> tuple[str, str]:
        return picture_views._key(make_city(), "headline"), money_version(world.funder, world.engagements[0].slug)

    before = tags()
    assert before == tags()
    with override_settings(CODE_VERSION="another"):
        assert all(old != new for old, new in zip(before, tags(), strict=True))

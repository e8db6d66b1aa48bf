"""axe finds nothing on any page for anybody who sees it, at a desk, on a phone and at 400%."""

import re
from contextlib import contextmanager

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client, override_settings

from engagements.models import LocalNote, Participation
from engagements.permissions import Role
from tests.browser.axe import DESK, PHONE, problems_at_every_width
from tests.browser.chromium import CHROMIUM, browser_page
from tests.engagements.access.test_every_page import PAGES, address, holds, things
from tests.factories import portal as small_portal
from tests.factories.engagements import NOW, UserFactory, everybody, give, pair
from tests.test_addresses import GET, OPEN, stage
from tests.test_addresses import address as plain_address

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
# The viewer of the API's schema is Swagger's own script: it draws each operation as a button with a link inside, which
# no style sheet of ours takes apart. All else on that page is checked, the viewer's colors and sizes included.
_SWAGGER = re.compile(r"nested-interactive: (#operations-\S+ > )?\.opblock-summary")
# What is somebody's own, or there for whoever has a role: every address without a name in it that no stranger reads.
OWN_PAGES = tuple(
    plain_address(route)
    for route, (stranger, reader, _operator) in GET.items()
    if "<" not in route and "^" not in route and not route.startswith("api/") and (stranger, reader) != (200, 200)
)
# Of one portfolio; the table of pages knows those of engagements.
PORTFOLIO = tuple(route for route in GET if route.startswith("portfolio/<slug:slug>/"))
_CHANGES = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|name="submission" value="[^"]*"')


@pytest.fixture
def town(live_server, tmp_path):
    """The small portal with a note and a part in an initiative: its address."""
    city = small_portal.build(tmp_path)
    LocalNote.objects.create(city=city, body="So it was.", began_on=NOW.date(), source="a test", created_at=NOW)
    return live_server.url


def cookie_of(person, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    name = portal_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def is_page(client: Client, path: str) -> bytes | None:
    """The page at this address as the client reads it, without its tokens; None for what is no page."""
    answer = client.get(path)
    is_html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    if answer.streaming:
        b"".join(answer.streaming_content)
    return _CHANGES.sub(b"", answer.content) if is_html and b"<html" in answer.content else None


@contextmanager
def reader(url: str, person=None, **options):
    """A page, signed in as this person. Within the block the thread reads over a connection of its own."""
    cookie = cookie_of(person, url) if person else None
    connection.close()
    with browser_page(url, **({"viewport": DESK} | options)) as page:
        try:
            if cookie:
                page.context.add_cookies([cookie])
            yield page
        finally:
            connection.close()


def examine(page, url: str, paths) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.set_viewport_size(DESK)
        page.goto(f"{url}{path}")
        problems = [problem for problem in problems_at_every_width(page) if not _SWAGGER.search(problem)]
        if problems:
            found[path] = problems
    return found


def said(found: dict[str, list[str]]) -> str:
    """Every finding on a line of its own."""
    return "\n".join(f"{path}: {problem}" for path, problems in found.items() for problem in problems)


def test_the_pages_read_most(town):
    """The quick part: home, a city, a tract for a stranger, and one's own work."""
    here, _ = pair()
    people = everybody(here)
    Participation.objects.create(engagement=here, status="active", began_on=NOW.date(), source="a test")
    tract = f"/tracts/{small_portal.CITY_TRACTS[0]}/"
    with reader(town) as page:
        found = examine(page, town, ("/", "/cities/springfield/", tract))
    with reader(town, people[Role.ADVISER]) as page:
        found |= examine(page, town, ("/todo/",))
    assert found == {}, said(found)


@pytest.mark.slow
def test_every_page_of_a_stranger(town):
    routes = [route for route, answers in GET.items() if answers == OPEN or answers[0] == 200]
    paths = [plain_address(route) for route in routes]
    stranger = Client()
    pages = [path for path in paths if is_page(stranger, path)]
    pages += ["/nowhere/", "/cities/springfield/?measure=nonsense", "/search/?q=detroit"]
    with reader(town) as page:
        found = examine(page, town, pages)
    assert found == {}, said(found)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_a_role(live_server, role, tmp_path):
    with override_settings(DOCUMENTS_DIR=tmp_path):
        mine, _ = pair()
        ids = things(mine, give(UserFactory(), Role.ADVISER, mine).user)
        person = everybody(mine)[role]
        client = Client()
        client.force_login(person)
        paths = [address(route, mine, ids) for route, wanted in PAGES.items() if holds(role, wanted, True)]
        paths += [plain_address(route, slug=mine.initiative.slug) for route in PORTFOLIO]
        pages = [path for path in ("/", *OWN_PAGES, *paths) if is_page(client, path)]
        with reader(live_server.url, person) as page:
            found = examine(page, live_server.url, pages)
    assert found == {}, said(found)


@pytest.mark.slow
def test_every_page_of_an_operator(live_server, tmp_path):
    """Operations, security log, releases that wait for a decision: what only who runs the portal reads."""
    release = stage(tmp_path)
    person = UserFactory(is_staff=True)
    routes = [route for route, (_stranger, reader, operator) in GET.items() if operator == 200 != reader]
    paths = [plain_address(route, release=release) for route in routes]
    client = Client()
    client.force_login(person)
    pages = [path for path in paths if is_page(client, path)]
    assert {"/operations/", "/security-log/", "/data/units/"} <= set(pages)
    with reader(live_server.url, person) as page:
        found = examine(page, live_server.url, [*pages, "/data/"])
    assert found == {}, said(found)


def test_a_reader_without_a_mouse_reaches_everything(town):
    """From the skip link through the page: what has the focus can be seen, and the focus never stands still."""
    with reader(town) as page:
        page.goto(f"{town}/cities/springfield/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Enter")
        seen = []
        for _ in range(150):
            page.keyboard.press("Tab")
            found = page.evaluate(
                """() => {
                  const one = document.activeElement, box = one.getBoundingClientRect();
                  if (one === document.body) return null;
                  const style = getComputedStyle(one);
                  const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                    || one.closest('svg') !== null;
                  const inside = box.bottom > 0 && box.top < innerHeight;
                  return [one.outerHTML.slice(0, 120), box.width * box.height > 0, marked, inside];
                }"""
            )
            if found is None:
                break
            seen.append(found)
        assert len(seen) > 10 and len({one[0] for one in seen[:20]}) > 10
        assert [one[0] for one in seen if not all(one[1:])] == []


def test_nothing_moves_for_who_asks_for_less_motion(town):
    with reader(town, viewport=PHONE, reduced_motion="reduce") as page:
        for path in ("/", "/cities/springfield/"):
            page.goto(f"{town}{path}")
            assert (
                page.evaluate(
                    """() => [...document.querySelectorAll('*')].filter(e => {
                      const s = getComputedStyle(e);
                      const long = text => text.split(',').some(part => parseFloat(part) > 0.05);
                      return long(s.transitionDuration) || (s.animationName !== 'none' && long(s.animationDuration));
                    }).map(e => e.outerHTML.slice(0, 80)).slice(0, 5)"""
                )
                == []
            )
            assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_nothing_is_cut_where_a_reader_spaces_text_wider(town):
    """Lines, letters, words and paragraphs as far apart as success criterion 1.4.12 asks for."""
    adviser = everybody(pair()[0])[Role.ADVISER]
    with reader(town, adviser, viewport=PHONE) as page:
        for path in (
            "/",
            "/cities/springfield/",
            f"/tracts/{small_portal.CITY_TRACTS[0]}/",
            "/todo/",
            "/accessibility/",
        ):
            page.goto(f"{town}{path}")
            cut = page.evaluate(
                """() => {
                  const sheet = new CSSStyleSheet();
                  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
                  document.adoptedStyleSheets = [sheet];
                  const isSaid = e => e.closest('.sr-only, svg, [hidden], dialog:not([open])') === null;
                  const wide = document.scrollingElement.scrollWidth - innerWidth;
                  return [...document.querySelectorAll('body *')].filter(e => {
                    const s = getComputedStyle(e), hides = [s.overflowX, s.overflowY];
                    return isSaid(e) && e.getBoundingClientRect().width > 1 && e.checkVisibility()
                      && e.innerText?.trim()
                      && hides.some(h => h === 'hidden' || h === 'clip')
                      && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2);
                  }).map(e => e.outerHTML.slice(0, 120)).concat(wide > 1 ? [`sideways by ${wide}`] : []);
                }"""
            )
            assert cut == [], path


def test_forced_colors_keep_the_map_and_the_focus(town):
    with reader(town, forced_colors="active") as page:
        page.goto(f"{town}/cities/springfield/")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        fills = page.evaluate(
            "() => [...new Set([...document.querySelectorAll('svg.map-svg path, svg.map-svg use')]"
            ".map(e => getComputedStyle(e).fill))]"
        )
        assert len(fills) > 1, "the classes of a map can be told apart"

"""People of every role who read the portal at once, from this machine: what they wait for, and the portal's memory.

Each opens a page, reads 5 to 15 seconds, and opens another, as from links and bookmarks. DEMO_PASSWORD is that of
the demo accounts. The portal's limits by address must be off (HEAVY_PAGES_PER_MINUTE=0, PUBLIC_READS_PER_MINUTE=0): all
come from this machine.
"""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mobility_portal.bench.parts import RunningPortal
from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import Timing
from mobility_portal.bench.visits import Visitor

READS = (5.0, 15.0)  # seconds on a page
_PLACES = ("detroit", "dayton", "newark", "tulsa", "racine")
_PUBLIC = (
    "/",
    "/cities/",
    *(f"/cities/{place}/" for place in _PLACES),
    *(f"/cities/{place}/analysis/" for place in _PLACES[:2]),
    "/cities/detroit/where.csv",
    "/compare/?cities=detroit,dayton",
    "/search/?q=housing",
    "/what-works/",
    "/data/",
    "/api/v1/cities/",
    "/methods/",
)
_AT_WORK = ("/", "/cities/detroit/", "/search/?q=housing", "/engagements/", "/what-works/", "/me/", "/data/")
# Who comes, how many of a hundred, and what they open.
ROLES: dict[str, tuple[int, tuple[str, ...]]] = {
    "": (50, _PUBLIC),
    "staff.detroit@demo.example": (15, _AT_WORK),
    "partner.detroit@demo.example": (5, _AT_WORK),
    "adviser@demo.example": (10, (*_AT_WORK, "/portfolio/")),
    "expert@demo.example": (8, _AT_WORK),
    "funder@demo.example": (7, (*_AT_WORK, "/portfolio/")),
    "lead@demo.example": (5, (*_AT_WORK, "/portfolio/")),
}


@dataclass
class Seen:
    """Seconds of the answers that came, by their address; and what was no answer, or one with an error."""

    seconds: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    def note(self, path: str, status: int, seconds: float) -> None:
        self.seconds.append(seconds)
        self.slowest[path] = max(seconds, self.slowest.get(path, 0.0))
        if status not in (200, 302, 304):
            self.wrong[f"{status} {path}"] += 1


def report(results: Results, portal: RunningPortal) -> None:
    origin, count, seconds = portal.origin, portal.sessions, portal.seconds
    before = _memory(origin)
    seen = asyncio.run(visit(origin, who_comes(count), seconds))
    after = _memory(origin)
    taken = Timing(tuple(seen.seconds))
    said = f"{count} sessions for {seconds:g} s, {len(seen.seconds)} pages"
    results.add("sessions_p95_ms", 1000 * taken.p95, said)
    results.add("sessions_median_ms", 1000 * taken.median, said)
    results.add(
        "sessions_errors", sum(seen.wrong.values()), "; ".join(f"{n} times {what}" for what, n in seen.wrong.items())
    )
    if before and after:
        results.add("sessions_memory_before_mb", before, "resident, of the web processes together")
        results.add("sessions_memory_after_mb", after)
    for path, worst in sorted(seen.slowest.items(), key=lambda item: -item[1])[:5]:
        results.say(f"  slowest: {path} {1000 * worst:.0f} ms")


def who_comes(count: int) -> list[str]:
    """Mail addresses of that many sessions, "" for strangers, in the shares of ROLES; at least one of each role where
    there are as many."""
    most = {who: max(1, round(count * share / 100)) for who, (share, _) in ROLES.items()}
    most[""] = max(0, count - sum(n for who, n in most.items() if who))
    return [who for who, n in most.items() for _ in range(n)][-count:]


async def visit(origin: str, who: list[str], seconds: float, reads: tuple[float, float] = READS) -> Seen:
    """All of them for so long, each beginning within the time of one page. Signing in is not timed.

    Raises PermissionError.
    """
    seen, password = Seen(), os.environ.get("DEMO_PASSWORD", "")
    signed_in: dict[str, dict[str, str]] = {}
    for email in sorted({email for email in who if email}):
        visitor = Visitor(origin)
        await visitor.sign_in(email, password)
        await visitor.close()
        signed_in[email] = visitor.cookies
    until = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(
        *(
            _read(Visitor(origin, cookies=dict(signed_in.get(email, {}))), ROLES[email][1], until, seen, n, reads)
            for n, email in enumerate(who)
        )
    )
    return seen


async def _read(
    visitor: Visitor, pages: tuple[str, ...], until: float, seen: Seen, seed: int, reads: tuple[float, float]
) -> None:
    chance, now = random.Random(seed), asyncio.get_running_loop().time  # noqa: S311 - nothing is secret
    await asyncio.sleep(chance.uniform(0, reads[1]))
    while now() < until:
        path = chance.choice(pages)
        answer = await visitor.get(path)
        seen.note(path, answer.status, answer.seconds)
        await asyncio.sleep(chance.uniform(*reads))
    await visitor.close()


def _memory(origin: str) -> float:
    """Megabytes (resident) of the processes that listen at the address; 0 where the system does not tell."""
    port = origin.rpartition(":")[2].strip("/")
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
            if "gunicorn" in words and any(word.endswith(f":{port}") for word in words):
                pages = int((folder / "statm").read_text().split()[1])
                total += pages * os.sysconf("SC_PAGE_SIZE")
        except OSError:  # it ended meanwhile, or it is somebody else's
            continue
    return total / 1e6

"""What other visitors notice while somebody lets the portal wait: clients that send half a request, and readers who all
ask for the largest area at once.

The portal's limits by address must be off (HEAVY_PAGES_PER_MINUTE=0, PUBLIC_READS_PER_MINUTE=0): all clients come from
this machine.
"""

import asyncio
import json
import statistics
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

from mobility_portal.bench.parts import RunningPortal
from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import Timing
from mobility_portal.bench.visits import Answer, Visitor

READERS, SECONDS = 10, 8.0
PAGES = ("/", "/healthz", "/cities/detroit/", "/data/")
HALF_SENT = b"POST /search/suggestions/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nq=half"
HALF_OPEN = b"GET / HTTP/1.1\r\nHost: loc"
LARGEST = 2_000  # tracts of an area


def report(results: Results, portal: RunningPortal) -> None:
    asyncio.run(_report(results, portal.origin))


async def _report(results: Results, origin: str) -> None:
    await _browse(origin, 3.0)  # every process has its pages
    alone = await _browse(origin)
    _add(results, "browsing_alone", alone)
    for name, count, sent in (("half_sent_10", 10, HALF_SENT), ("half_open_50", 50, HALF_OPEN), ("silent_50", 50, b"")):
        async with _waiting_clients(origin, count, sent):
            taken = await _browse(origin)
        _add(results, f"browsing_beside_{name}", taken)
        results.add(f"browsing_beside_{name}_ratio", taken.p95 / alone.p95, "of the 95th percentile alone")
    area, tracts = await _make_area(origin)
    if not area:
        results.say("area: not measured; the portal has no list of tracts.")
        return
    for count in (8, 30):
        readers = [asyncio.create_task(Visitor(origin, 180.0).get(area)) for _ in range(count)]
        await asyncio.sleep(0.2)
        taken = await _browse(origin, until=partial(_have_read, readers))
        answers = [await one for one in readers]
        wrong = sum(answer.status != 200 for answer in answers)
        slowest = max(answer.seconds for answer in answers)
        results.add(f"area_readers_{count}_slowest_seconds", slowest, f"{tracts:,} tracts; {wrong} without the page")
        _add(results, f"browsing_beside_{count}_area_readers", taken)


def _add(results: Results, key: str, taken: Timing) -> None:
    slowest = 1000 * max(taken.seconds)
    said = f"median {1000 * statistics.median(taken.seconds):.0f}, slowest {slowest:.0f}, {len(taken.seconds)} pages"
    results.add(f"{key}_p95_ms", 1000 * taken.p95, said)


async def _browse(origin: str, seconds: float = SECONDS, until: Callable[[], bool] | None = None) -> Timing:
    """READERS open one light page after another with a short rest between."""
    clock = asyncio.get_running_loop().time
    end = clock() + (seconds if until is None else 120.0)

    async def read(number: int) -> list[float]:
        visitor = Visitor(origin, 120.0)
        taken: list[float] = []
        while not taken or (clock() < end and not (until and until())):
            answer = await visitor.get(PAGES[(number + len(taken)) % len(PAGES)])
            taken.append(answer.seconds)
            await asyncio.sleep(0.25)
        await visitor.close()
        return taken

    found = await asyncio.gather(*(read(number) for number in range(READERS)))
    return Timing(tuple(value for taken in found for value in taken))


def _have_read(readers: list[asyncio.Task[Answer]]) -> bool:
    return all(reader.done() for reader in readers)


@asynccontextmanager
async def _waiting_clients(origin: str, count: int, sent: bytes) -> AsyncIterator[None]:
    """That many connections on which a part of a request was sent, opened anew as they are closed."""
    host = urlsplit(origin)

    async def wait() -> None:
        while True:
            reader, writer = await asyncio.open_connection(host.hostname, host.port)
            try:
                writer.write(sent)
                await reader.read()
            except OSError:
                pass  # it was let go
            finally:
                writer.close()
            await asyncio.sleep(0.05)

    clients = [asyncio.create_task(wait()) for _ in range(count)]
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def _make_area(origin: str) -> tuple[str, int]:
    """The address of an area of the portal's cities' tracts, LARGEST at most, and how many; "" where it has none."""
    visitor = Visitor(origin, 120.0)
    geoids: list[str] = []
    for city in json.loads((await visitor.get("/api/v1/cities/")).text)["results"]:
        path = f"/api/v1/cities/{city['slug']}/tracts/?page_size=1000"
        while path and len(geoids) < LARGEST:
            answer = json.loads((await visitor.get(path)).text)
            geoids += [row["geoid"] for row in answer.get("results", [])]
            path = (answer.get("next") or "").replace(origin, "")
    chosen = sorted(set(geoids))[:LARGEST]
    if not chosen:
        return "", 0
    body = json.dumps({"name": "Bench", "geoids": chosen}).encode()
    answer = await visitor.ask("POST", "/api/v1/areas/", body, "application/json")
    await visitor.close()
    return (f"/areas/{json.loads(answer.text)['token']}/" if answer.status == 201 else ""), len(chosen)

"""The parts of the bench by name, and which of them a command line asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module


class UnknownPart(Exception):
    """A name that is no part of the bench; the text is one sentence."""


@dataclass(frozen=True)
class Part:
    """One part: `report(results)` of the module of its name, `report(results, data)` where it needs files, and
    `report(results, portal)` where it asks a portal that runs already, `report(results, draws)` of made-up trials.

    The module is loaded when the part runs: the memory of an import is measured without the libraries of reports.
    """

    name: str
    needs_database: bool = True
    needs_files: bool = False
    needs_portal: bool = False
    takes_draws: bool = False

    def load(self) -> Callable[..., None]:
        return import_module(f"mobility_portal.bench.{self.name}").report


@dataclass(frozen=True)
class RunningPortal:
    """Where it answers (http://host:port), and who comes in the part "sessions": how many, for how many seconds."""

    origin: str
    sessions: int = 40
    seconds: float = 60.0


# In this order: imports first, for they report the peak memory of the process.
PARTS = (
    Part("imports"),
    Part("pages", needs_files=True),
    Part("engagements"),
    Part("work"),
    Part("plans"),
    Part("ledger"),
    Part("portfolio"),
    Part("works"),
    Part("search"),
    Part("quick_log"),
    Part("feeds"),
    Part("digest"),
    Part("coverage", needs_database=False),
    Part("pilots", needs_database=False, takes_draws=True),
    Part("front", needs_database=False, needs_portal=True),
    Part("sessions", needs_database=False, needs_portal=True),
)


def choose_parts(named: Iterable[str] | str | None) -> tuple[Part, ...]:
    """Of names given once or several times, with commas or without; nothing named is every part.

    Raises UnknownPart.
    """
    words = [named] if isinstance(named, str) else list(named or ())
    wanted = {name.strip() for word in words for name in word.split(",") if name.strip()}
    names = [part.name for part in PARTS]
    unknown = sorted(wanted.difference(names))
    if unknown or (words and not wanted):
        raise UnknownPart(
            f"There is no part {', '.join(unknown) or 'without a name'}: the bench has {', '.join(names)}."
        )
    return tuple(part for part in PARTS if not wanted or part.name in wanted)

"""Which backups stay, and when the next is due. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_NAME = re.compile(r"portal-(\d{8}T\d{6}Z)\.tar\.age")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Keep:
    """The newest of each of the last so many days, ISO weeks and months that have one (UTC)."""

    days: int = 7
    weeks: int = 4
    months: int = 12

    @classmethod
    def of_text(cls, text: str) -> "Keep":
        """`7,4,12`. Raises ValueError."""
        days, weeks, months = (int(part) for part in text.split(","))
        if min(days, weeks, months) < 0 or days + weeks + months == 0:
            raise ValueError("keep at least one")
        return cls(days, weeks, months)


def file_name(made_at: datetime) -> str:
    return f"portal-{made_at.astimezone(UTC).strftime(_STAMP)}.tar.age"


def made_at(name: str) -> datetime | None:
    """When a file of this name was made; None for names that are not ours: those are never removed."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found.group(1), _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def removable(names: Iterable[str], keep: Keep) -> list[str]:
    """Names that rotation removes, oldest first. The newest backup always stays."""
    dated = sorted((at, name) for name in names if (at := made_at(name)) is not None)
    kept = {name for _at, name in dated[-1:]}
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    ]
    for count, period in periods:
        newest = {period(at): name for at, name in dated}  # later ones replace earlier ones; the order stays
        kept.update(list(newest.values())[-count:] if count else [])
    return [name for _at, name in dated if name not in kept]


def is_due(last_started: datetime | None, now: datetime, every: timedelta) -> bool:
    """A quarter of an hour early counts: the look itself comes every quarter of an hour."""
    return last_started is None or now - last_started >= every - timedelta(minutes=15)

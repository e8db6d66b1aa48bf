"""When each group got the program, from the registration or from the data.

In this order: `Registration.starts_in` entries "group=period" (what happened, or what was drawn); else the group's own
cells, where its arm changes from the comparison to the program; else the one registered period, for groups that are in
the treated arm throughout; else, where other groups change their arm in the data, the first period. A group that is in
the comparison arm throughout, and is not named, never started.

Starts that the portal drew are put into the registration by `with_starts`, so that data which tell others are refused.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.panel import Panel
from engagements.pilots.rules.estimators.periods import count_periods
from engagements.pilots.rules.registration import Registration

Whole = NDArray[np.int64]


def with_starts(registration: Registration, starts: Mapping[str, str]) -> Registration:
    """The registration with the period in which each group started, by its name; in several cities "city: group"."""
    return replace(registration, starts_in=tuple(f"{group}={start}" for group, start in sorted(starts.items())))


def find_starts(registration: Registration, panel: Panel, method: str) -> Whole | Refused:
    """For each group the position in `panel.periods` of its first period with the program; their number if never.

    A start after the last period counts as never; one before the first as position 0. Refuses a start that is no period
    of the data's kind, a name that no group has, a program that ends again, and a treated group without a start.
    """
    if refused := _refuse_ends(panel, method):
        return refused
    named = _by_group(registration, panel)
    common = [entry for entry in registration.starts_in if "=" not in entry]
    if named is None:
        return Refused(method, "A registered start names a group that the data do not have.", "The same names in both.")
    texts = [*named.values(), *common]
    numbers = count_periods([*panel.periods, *texts])
    if numbers is None:
        return Refused(
            method, "A registered start is not written as the periods of the data are.", "Starts such as 2024-03."
        )
    number_of = dict(zip(texts, numbers[len(panel.periods) :], strict=True))
    last = len(panel.periods)
    data_tell = bool((panel.has_program.any(axis=1) & ((panel.people > 0) & ~panel.has_program).any(axis=1)).any())
    starts = np.full(len(panel.groups), last, dtype=np.int64)
    for index, (group, program) in enumerate(zip(panel.groups, panel.has_program, strict=True)):
        measured = panel.people[index] > 0
        if group in named:
            starts[index] = np.searchsorted(panel.numbers, number_of[named[group]])
            if program.any() and (measured & ~program).any() and int(np.argmax(program)) != starts[index]:
                return Refused(
                    method, "The data tell another start of a group than was drawn or registered.", "The same starts."
                )
        elif program.any() and (measured & ~program).any():
            starts[index] = np.argmax(program)
        elif program.any():
            if data_tell and len(common) != 1:
                starts[index] = 0
                continue
            if len(common) != 1:
                return Refused(
                    method,
                    "It is not known when each group started.",
                    "One registered start for each group, written as group=period.",
                )
            starts[index] = np.searchsorted(panel.numbers, number_of[common[0]])
    return starts


def split_periods(registration: Registration, panel: Panel, method: str) -> int | Refused:
    """The position of the first period with the program, of designs with one common start.

    Refuses a start that is not registered or not written as in the data, data whose arms change at another one, and a
    program that ends again.
    """
    if refused := _refuse_ends(panel, method):
        return refused
    common = [entry for entry in registration.starts_in if "=" not in entry]
    if len(common) != 1:
        return Refused(method, "It is not registered when the program started.", "One registered start.")
    numbers = count_periods([*panel.periods, common[0]])
    if numbers is None:
        return Refused(
            method, "The registered start is not written as the periods of the data are.", "A start such as 2024-03."
        )
    first = int(np.searchsorted(panel.numbers, numbers[-1]))
    changed = panel.has_program.any(axis=1) & ((panel.people > 0) & ~panel.has_program).any(axis=1)
    if changed.any() and (panel.has_program[changed].argmax(axis=1) != first).any():
        return Refused(method, "The data tell another start of a group than was registered.", "The same start.")
    return first


def _refuse_ends(panel: Panel, method: str) -> Refused | None:
    """A period without the program after one with it: it would be counted as one with it."""
    after_a_start = np.maximum.accumulate(panel.has_program, axis=1)
    if not (after_a_start & (panel.people > 0) & ~panel.has_program).any():
        return None
    return Refused(method, "The program ended again in a group.", "Groups that keep it once it started.")


def _by_group(registration: Registration, panel: Panel) -> dict[str, str] | None:
    """Named starts by the panel's names of groups, in which a city may stand first; None if one is not found."""
    named = dict(entry.rpartition("=")[::2] for entry in registration.starts_in if "=" in entry)
    ends = [group.partition(": ")[2] or group for group in panel.groups]
    full = {end: group for end, group in zip(ends, panel.groups, strict=True) if ends.count(end) == 1}
    known = full | {group: group for group in panel.groups}
    return {known[name]: start for name, start in named.items()} if set(named) <= set(known) else None

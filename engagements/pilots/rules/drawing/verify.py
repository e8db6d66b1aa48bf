"""Whether a draw is what was said: anybody with the list can do it again and compare."""

from collections.abc import Mapping, Sequence

from engagements.pilots.rules.drawing.allocate import (
    ALGORITHM,
    ALGORITHM_VERSION,
    Assigned,
    allocate,
    result_sha256,
)
from engagements.pilots.rules.drawing.public_seed import seed_problem
from engagements.pilots.rules.drawing.units import DrawUnit, list_sha256
from engagements.pilots.rules.registration import Registration


def draw_problem(
    registration: Registration,
    units: Sequence[DrawUnit],
    seed: str,
    arms: Mapping[str, Assigned],
    *,
    said_list: str,
    said_result: str,
    algorithm: tuple[str, str] = (ALGORITHM, ALGORITHM_VERSION),
    are_numbers_deleted: bool = False,
) -> str:
    """ "" where the list has the fingerprint `said_list`, and drawing again gives the same arms with `said_result`.

    With `are_numbers_deleted` the fingerprint of the list cannot be taken again; the draw is, from the one kept.

    Else what is wrong, in a sentence. Raises DrawRefused where the list cannot be drawn from at all.
    """
    if algorithm != (ALGORITHM, ALGORITHM_VERSION):
        return "The draw was made by another version of the algorithm. Check it with the code of its time."
    if not are_numbers_deleted and list_sha256(units) != said_list:
        return "The list is not the one that was locked: its fingerprint differs."
    if result_sha256(dict(arms)) != said_result:
        return "The groups are not those that were kept: their fingerprint differs."
    if problem := seed_problem(registration.draw, seed):
        return problem
    again = allocate(registration, units, seed, listed=said_list if are_numbers_deleted else "")
    if again.arms != dict(arms):
        moved = sum(1 for name, given in again.arms.items() if arms.get(name) != given)
        return f"Drawing again gives {moved:,} units another group."
    return ""

"""What somebody may choose when they set up an initiative."""

from engagements.access.roles import initiatives_with
from engagements.models import EngagementRole, User
from engagements.permissions import MANAGE_ROLES, ROLE_LABELS, Role

# Who works in several cities. A city's own people are invited to their city.
_SHARED = (Role.ADVISER, Role.EXPERT)


def team_choices(user: User) -> tuple[tuple[int, str, str], ...]:
    """(person, role, label) of advisers and experts in the initiatives this person leads, by name. One statement."""
    roles = EngagementRole.objects.open().filter(
        initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"),
        role__in=[role.value for role in _SHARED],
        user__is_active=True,
    )
    found = {
        (row.user_id, row.role): f"{row.user}, {str(ROLE_LABELS[Role(row.role)]).lower()}"
        for row in roles.select_related("user")
    }
    ordered = sorted(found.items(), key=lambda item: (item[1].casefold(), item[0]))
    return tuple((person, role, label) for (person, role), label in ordered)

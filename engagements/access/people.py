"""Who may be found: the people of the engagements somebody sees, as the lists of people show them."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from engagements.access.roles import engagements_with
from engagements.models import EngagementRole, User
from engagements.permissions import MANAGE_ROLES, VIEW_CITY, VIEW_PUBLISHED


def visible_roles(user: User | AnonymousUser, *, with_contact: bool = False) -> QuerySet[EngagementRole]:
    """Open roles in engagements whose people this person reads, and in their initiatives.

    `with_contact`: only where they read email addresses too.
    """
    here = engagements_with(user, VIEW_CITY if with_contact else VIEW_PUBLISHED) | engagements_with(user, MANAGE_ROLES)
    of_initiative = Q(engagement=None, initiative__in=here.values("initiative_id"))
    return EngagementRole.objects.open().listed().filter(Q(engagement__in=here.values("pk")) | of_initiative)


def visible_people(user: User | AnonymousUser, *, with_contact: bool = False) -> QuerySet[User]:
    return User.objects.filter(pk__in=visible_roles(user, with_contact=with_contact).values("user_id"))

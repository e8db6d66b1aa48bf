from engagements.models.engagement import Engagement, Initiative, Participation
from engagements.models.people import User

__all__ = ["Engagement", "Initiative", "Participation", "User"]

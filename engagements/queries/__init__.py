from engagements.queries.participation import ParticipationRecord, participations

__all__ = ["ParticipationRecord", "participations"]

"""One of everything in an engagement, by the letter the API's tests use."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from engagements import models
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory


def things_of(engagement: models.Engagement) -> dict[str, int]:
    """Ids: e engagement, m milestone, d team document, r request, u draft of an update."""
    person = UserFactory()
    document = models.Document(
        engagement=engagement,
        title="Notes",
        original_name="notes.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=person,
        uploaded_at=NOW,
    )
    document.file.save("", ContentFile(b"x"), save=False)
    document.save()
    request = models.ExpertRequest.objects.create(
        kind="question",
        engagement=engagement,
        question="Which?",
        asked_by=person,
        asked_at=NOW,
        due_on=timezone.localdate() + timedelta(days=9),
    )
    quarters = engagement.updates.count()
    update = models.QuarterlyUpdate.objects.create(
        engagement=engagement, year=2020 + quarters // 4, quarter=quarters % 4 + 1, written_by=person
    )
    models.Comment.objects.create(engagement=engagement, body="Said.", author=person, created_at=NOW, visibility="all")
    models.Activity.objects.create(
        engagement=engagement, by=person, at=NOW, verb="x", noun="x", object_id=1, visibility="all"
    )
    milestone = MilestoneFactory(engagement=engagement)
    return {"e": engagement.pk, "m": milestone.pk, "d": document.pk, "r": request.pk, "u": update.pk}

"""A file with new French words for every milestone, as a translator sends it and a person confirms it."""

from django.db import transaction
from wagtail.models import Revision

from accounts.models import User
from milestones.models import Milestone
from tests.translations.exchange.test_importing import translate
from translations import workflow
from translations.exchange import importing
from translations.exchange.exporting import Format, export
from translations.languages import get_language
from translations.models import ImportedFile
from translations.tasks import carry_out_import

FRENCH = get_language("fr")
WORDS = "Le Centre a organisé une réunion."


def begin() -> None:
    user = User.objects.get(username="admin")
    content = export(Milestone.objects.all(), FRENCH, Format.XLIFF_1_2).content
    content = translate(content, Format.XLIFF_1_2, WORDS, "")
    with transaction.atomic():
        kept = ImportedFile.objects.keep(user, "milestones.xlf", content)
        plan = importing.plan(importing.read_file(content), user)
        kept.decide(plan.fingerprint, [])
        carry_out_import.enqueue(str(kept.pk))
        print(len(plan.writes))


def state() -> None:
    """Prints: whether it is done, how many texts that says, how many there are, how many revisions."""
    kept = ImportedFile.objects.get(name="milestones.xlf")
    written = sum(
        segment.target == WORDS
        for milestone in Milestone.objects.all()
        for segment in workflow.progress(milestone.working_copy(), FRENCH).segments
    )
    milestones = [str(milestone.pk) for milestone in Milestone.objects.all()]
    revisions = Revision.objects.filter(
        object_id__in=milestones, content_type__model="milestone", user__username="admin"
    ).count()
    print(kept.state, kept.texts, written, revisions)

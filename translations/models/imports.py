"""Files of outside translators, between looking at what they would do and doing it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LIFETIME = timedelta(days=1)
LONG = timedelta(minutes=15)
# A person may leave so many undecided; the oldest go first.
KEPT = 10


class ImportedFileQuerySet(models.QuerySet):
    def fresh(self):
        """Those that are still waiting for a decision."""
        return self.filter(created_at__gt=timezone.now() - LIFETIME)

    def keep(self, user, name: str, content: bytes) -> "ImportedFile":
        """Stores a file of a person's; drops what has grown too old, or is too many."""
        self.filter(created_at__lte=timezone.now() - LIFETIME).delete()
        # What a worker is to write, or writes, is nobody's to throw away.
        idle = self.filter(user=user).exclude(state=ImportedFile.State.WAITING)
        others = idle.order_by("-created_at").values_list("pk", flat=True)
        self.filter(pk__in=list(others[KEPT - 1 :])).delete()
        return self.create(user=user, name=name[-255:], content=content)


class ImportedFile(models.Model):
    """A file that somebody has sent in. In the database, so that any process finds it."""

    class State(models.TextChoices):
        OPEN = "open", _("not decided yet")
        WAITING = "waiting", _("being written")
        DONE = "done", _("written")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, db_default="open")
    # {"fingerprint": of the plan that was shown, "stale": [ids of the stale texts to write all the same]}.
    decision = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    # How many texts were written.
    texts = models.PositiveIntegerField(null=True)
    # Whether nothing was written because something had changed since the plan was shown.
    has_changed = models.BooleanField(default=False, db_default=False)

    objects = ImportedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a translator")
        verbose_name_plural = _("files of translators")
        default_permissions = ()

    def __str__(self):
        return self.name

    @property
    def takes_long(self) -> bool:
        """Whether a worker should have done it by now."""
        return self.state == self.State.WAITING and self.decided_at < timezone.now() - LONG

    def decide(self, fingerprint: str, stale: list[str]) -> None:
        """Notes what is to be written, for whoever does it."""
        self.state, self.decided_at = self.State.WAITING, timezone.now()
        self.decision = {"fingerprint": fingerprint, "stale": sorted(stale)}
        self.has_changed = False
        self.save(update_fields=["state", "decided_at", "decision", "has_changed"])

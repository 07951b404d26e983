"""Files of outside translators, between looking at what they would do and doing it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LIFETIME = timedelta(days=1)
# A person may leave so many undecided; the oldest go first.
KEPT = 10


class ImportedFileQuerySet(models.QuerySet):
    def fresh(self):
        """Those that are still waiting for a decision."""
        return self.filter(created_at__gt=timezone.now() - LIFETIME)

    def keep(self, user, name: str, content: bytes) -> "ImportedFile":
        """Stores a file of a person's; drops what has grown too old, or is too many."""
        self.filter(created_at__lte=timezone.now() - LIFETIME).delete()
        others = self.filter(user=user).order_by("-created_at").values_list("pk", flat=True)
        self.filter(pk__in=list(others[KEPT - 1 :])).delete()
        return self.create(user=user, name=name[-255:], content=content)


class ImportedFile(models.Model):
    """A file that somebody has sent in and not decided on. In the database, so that any process finds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImportedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a translator")
        verbose_name_plural = _("files of translators")
        default_permissions = ()

    def __str__(self):
        return self.name

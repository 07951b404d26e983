"""Which people have had their daily e-mail already."""

from django.conf import settings
from django.db import models


class SentDigest(models.Model):
    """The last day on which a person was told by e-mail what waits for them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.user} ({self.day:%Y-%m-%d})"

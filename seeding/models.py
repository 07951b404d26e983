from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class SeededRecord(models.Model):
    """Remembers what `load_content` wrote, to tell it apart from what staff have written since."""

    key = models.CharField(max_length=255, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    # {field or column: digest of the value that was loaded into it}
    digests = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("seeded record")
        verbose_name_plural = _("seeded records")

    def __str__(self):
        return self.key

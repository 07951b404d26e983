from django.db import models


class Backup(models.Model):
    """A backup that was made and checked, so that an alarm can tell when the last one was too long ago."""

    finished_at = models.DateTimeField(auto_now_add=True, db_index=True)
    name = models.CharField(max_length=255)
    # In bytes.
    size = models.PositiveBigIntegerField()

    def __str__(self):
        return self.name

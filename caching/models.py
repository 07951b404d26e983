"""The journal of what changed, in the database with which it changed."""

from uuid import uuid4

from django.db import models


class Change(models.Model):
    """Some tags of which kept pages may hold the old state.

    It is written in the transaction of the change, and gets its position when that is done: so positions grow
    in the order in which changes became visible, whichever transaction began first.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    position = models.BigIntegerField(null=True, unique=True)
    tags = models.JSONField(default=list)
    # Whether something was taken from visitors: no old copy may be shown then, not even for a moment.
    withdraws = models.BooleanField(default=False)

    class Meta:
        # What isn't announced yet is asked for several times a second.
        indexes = [
            models.Index(fields=["at"], name="caching_unannounced", condition=models.Q(position__isnull=True))
        ]

    def __str__(self):
        return f"{self.position}: {', '.join(self.tags)}"


class Position(models.Model):
    """How far the journal has come; one row, whose lock gives positions their order."""

    value = models.BigIntegerField(default=0)
    # Another one where positions begin anew, as in a database that was restored.
    epoch = models.UUIDField(default=uuid4)

    def __str__(self):
        return str(self.value)


class Digest(models.Model):
    """A fingerprint of something that many pages show, to see whether a change has changed it."""

    name = models.CharField(max_length=100, unique=True)
    value = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.name}: {self.value}"


class Address(models.Model):
    """That the answer at an address shows something; only kept for caches outside, see `outer`."""

    url = models.CharField(max_length=800, db_index=True)
    tag = models.CharField(max_length=100, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["url", "tag"], name="caching_address_once")]

    def __str__(self):
        return f"{self.url}: {self.tag}"

from django.db import models


class Reading(models.Model):
    """Something that the release before knows nothing of."""

    page = models.ForeignKey("pages.BasePage", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.page}, {self.at}"

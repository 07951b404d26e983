"""What others may want to know."""

from django.dispatch import Signal

# The content of the database is another since now: whatever was kept of the old one is wrong.
restored = Signal()

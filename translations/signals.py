from django.dispatch import Signal

# A translation has become public. Arguments: instance (the row), language (a `Language`).
translation_published = Signal()

# The row of a record was written with all its children, in a transaction that is still open. Arguments:
# instance (whatever object was saved; what visitors read is in the row).
record_saved = Signal()

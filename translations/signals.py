from django.dispatch import Signal

# A translation has become public. Arguments: instance (the row), language (a `Language`).
translation_published = Signal()

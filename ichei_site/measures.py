"""What Prometheus is told of the site's own affairs."""

from contact.models import ContactMessage
from monitoring.metrics import PATIENCE, Measure
from monitoring.questions import within


def messages_waiting() -> float:
    messages = ContactMessage.objects.filter(delivery=ContactMessage.Delivery.WAITING)
    return within(PATIENCE, messages.count)


MEASURES = (
    Measure("contact_messages_waiting", "Messages of visitors not yet sent to staff", messages_waiting),
)

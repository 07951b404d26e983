from django.tasks import task

from .delivery import deliver
from .models import ContactMessage


@task(backend="worker")
def deliver_message(number: int) -> bool:
    """Sends a message of a visitor; whether it was sent. If not, the schedule goes on trying."""
    message = ContactMessage.objects.filter(pk=number).first()
    return message is not None and deliver(message)

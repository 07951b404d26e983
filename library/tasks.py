from django.tasks import task

from .models import CustomImage
from .pictures import make_renditions


@task(backend="worker")
def make_renditions_of(number: int) -> int:
    """Makes the files of a picture that there aren't yet; how many it has then."""
    image = CustomImage.objects.filter(pk=number).first()
    if image is None:
        # Deleted since.
        return 0
    make_renditions(image)
    return image.renditions.count()

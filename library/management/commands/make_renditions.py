from django.core.management.base import BaseCommand
from wagtail.images.models import SourceImageIOError

from library.models import CustomImage
from library.pictures import make_renditions


class Command(BaseCommand):
    help = "Makes the files of all pictures that pages may ask for, in every size and format."

    def handle(self, *args, verbosity, **options):
        made = 0
        for image in CustomImage.objects.prefetch_related("renditions").iterator(chunk_size=100):
            before = len(image.renditions.all())
            try:
                make_renditions(image)
            except SourceImageIOError:
                self.stderr.write(f"The file of the picture “{image.title}” is gone: {image.file.name}")
            made += len(image.renditions.all()) - before
        if made or verbosity > 1:
            self.stdout.write(f"Pictures: {made} files made.")

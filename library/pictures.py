"""The shapes in which pages show pictures, and the files that each of them needs.

A shape is all that a template says of a picture. Since there are few, every file that a page will ask for is
known when a picture is uploaded, and made then: no visitor waits for an encoder.
"""

import re
from dataclasses import dataclass

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Picture, SourceImageIOError

from caching import tags

from .stores import StoreUnavailable

# In the order of a browser's choice; what browsers from before 2020 get comes last, in two sizes.
MODERN_FORMATS = ("avif", "webp")


@dataclass(frozen=True)
class Shape:
    """How pictures of one kind are cut and how wide they are made, in pixels.

    `ratio` is (width, height) of the cut, which keeps the focal point in sight; without one nothing is cut.
    `sizes` says how wide it is shown where a template doesn't: see the attribute of that name in HTML.
    """

    widths: tuple[int, ...]
    sizes: str
    ratio: tuple[int, int] | None = None

    def spec(self, width: int) -> str:
        """What Wagtail is to do to get this width: "width-480", "fill-320x180"."""
        if self.ratio is None:
            return f"width-{width}"
        across, down = self.ratio
        return f"fill-{width}x{width * down // across}"

    def widths_of(self, image: AbstractImage) -> list[int]:
        """The widths that differ for this picture: nothing is made larger than it came."""
        across, down = self.ratio or (image.width, image.height)
        available = min(image.width, image.height * across // down)
        smaller = [width for width in self.widths if width < available]
        return [*smaller, *self.widths[len(smaller) : len(smaller) + 1]]

    def specs(self, image: AbstractImage) -> list[str]:
        widths = self.widths_of(image)
        # PNG and GIF may be transparent, which JPEG can't be.
        old_format = "png" if image.file.name.lower().endswith((".png", ".gif")) else "jpeg"
        return [
            *(f"{self.spec(width)}|format-{name}" for name in MODERN_FORMATS for width in widths),
            # The first of these is what a browser takes that knows no widths at all.
            *(f"{self.spec(width)}|format-{old_format}" for width in reversed(widths[:2])),
        ]


SHAPES = {
    # In a text, and at the head of an article.
    "whole": Shape((480, 960, 1440), "(min-width: 62rem) 58rem, 100vw"),
    # In cards.
    "wide": Shape((320, 640, 1280), "(min-width: 64rem) 22rem, (min-width: 40rem) 50vw, 100vw", (16, 9)),
    # Portraits.
    "square": Shape((120, 240), "7.5rem", (1, 1)),
}


def picture_of(image: AbstractImage, shape: Shape, **attributes) -> Picture:
    """The HTML of a picture, with a source for each format; what is missing of its files is made now."""
    try:
        renditions = image.get_renditions(*shape.specs(image))
    except SourceImageIOError:
        # The file is gone: the page shows that, and the rest of it.
        renditions = {}
    except StoreUnavailable:
        # What is there already serves until the rest can be made.
        tags.is_makeshift()
        renditions = existing_renditions(image, shape)
    if not renditions:
        missing = image.renditions.model(image=image, width=0, height=0)
        missing.file.name = "not-found"
        renditions = {shape.specs(image)[-1]: missing}
    if len(renditions) > len(MODERN_FORMATS) + 1:
        # Only where there is a choice of widths.
        attributes = {"sizes": shape.sizes} | attributes
    else:
        attributes.pop("sizes", None)
    return Picture(renditions, attributes)


def existing_renditions(image: AbstractImage, shape: Shape) -> dict[str, AbstractRendition]:
    """The files of a picture in this shape that were made before, by what Wagtail did to get them."""
    found = image.find_existing_renditions(*(Filter(spec=spec) for spec in shape.specs(image)))
    return {made.spec: rendition for made, rendition in found.items()}


def largest_file(image: AbstractImage) -> AbstractRendition | None:
    """The largest file of a picture that pages show as a whole, which is there already; None as below."""
    whole = SHAPES["whole"]
    return rendition_or_none(image, f"{whole.spec(whole.widths_of(image)[-1])}|format-webp")


def rendition_or_none(image: AbstractImage, spec: str) -> AbstractRendition | None:
    """The file of a picture for machines; None where its own file is gone or can't be had."""
    try:
        return image.get_rendition(spec)
    except SourceImageIOError:
        return None
    except StoreUnavailable:
        tags.is_makeshift()
        return None


def make_renditions(image: AbstractImage) -> None:
    """Makes all files of a picture that pages may ask for and that there aren't yet."""
    image.get_renditions(*(spec for shape in SHAPES.values() for spec in shape.specs(image)))


def picture_with_renditions(record: models.Model, name: str) -> AbstractImage | None:
    """The picture that a field of a record refers to, read together with its renditions in one query."""
    field = record._meta.get_field(name)
    if getattr(record, field.attname) is None or field.is_cached(record):
        return getattr(record, name)
    renditions = list(
        field.related_model.get_rendition_model()
        .objects.filter(image=getattr(record, field.attname))
        .select_related("image")
    )
    if renditions:
        image = renditions[0].image
        for rendition in renditions:
            rendition.image = image
        found = image.renditions.all()
        found._result_cache, found._prefetch_done = renditions, True
        image._prefetched_objects_cache = {"renditions": found}
        setattr(record, name, image)
    return getattr(record, name)


# Low data ---------------------------------------------------------------------------------------------------

LIGHTER = tuple(
    (
        re.compile(
            rf"\.(?:{'|'.join(re.escape(shape.spec(width)) for width in shape.widths[1:])})(?=\.format-)"
        ),
        f".{shape.spec(shape.widths[0])}",
    )
    for shape in SHAPES.values()
)


def lighter(path: str) -> str:
    """The smallest file of the same picture, shape and format as the one at this path."""
    for larger, smallest in LIGHTER:
        path = larger.sub(smallest, path)
    return path

from django import template
from wagtail.images.models import AbstractImage, Picture

from library.pictures import SHAPES, picture_of

register = template.Library()


@register.simple_tag
def shaped_picture(
    image: AbstractImage, shape: str, alt="", lang: str = "", sizes: str = "", loading: str = "lazy"
) -> Picture:
    """A picture in one of the shapes of library/pictures.py.

    An eager one comes before all others; these load when they come near.
    """
    attributes = {
        "alt": alt,
        "lang": lang or None,
        "loading": loading or "lazy",
        "fetchpriority": "high" if loading == "eager" else None,
        "decoding": "async",
    }
    return picture_of(image, SHAPES[shape], **attributes, **({"sizes": sizes} if sizes else {}))

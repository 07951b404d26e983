from wagtail import hooks

from .image_operations import QuickFormatOperation


@hooks.register("register_image_operations", order=1)
def register_quick_formats():
    """After Wagtail's own, which it takes the place of."""
    return [("format", QuickFormatOperation)]

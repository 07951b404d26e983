from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from .blocks import BodyBlock


class BodyField(StreamField):
    """The text of a page, in blocks.

    Migrations know nothing of the blocks: with seven columns a page type, each new block would rewrite
    dozens of them and change nothing in the database.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("verbose_name", _("text"))
        kwargs["blank"] = True
        super().__init__(BodyBlock(), **kwargs)

    def deconstruct(self):
        name, _path, _args, kwargs = super().deconstruct()
        kept = {key: value for key, value in kwargs.items() if key == "null"}
        return name, "pages.fields.BodyField", [], kept

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField


class ChoicesBlock(blocks.StreamBlock):
    choice = blocks.CharBlock(label=_("Choice"), max_length=200, icon="list-ul")


class ChoicesField(StreamField):
    """The choices of a question, each with an id of its own that is the same in every language.

    Migrations know nothing of the block; see docs/decisions/0004-blocks-out-of-migrations.md.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("verbose_name", _("choices"))
        kwargs["blank"] = True
        super().__init__(ChoicesBlock(), **kwargs)

    def deconstruct(self):
        name, _path, _args, kwargs = super().deconstruct()
        kept = {key: value for key, value in kwargs.items() if key == "null"}
        return name, "contact.fields.ChoicesField", [], kept

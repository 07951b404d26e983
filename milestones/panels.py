from wagtail.admin import compare
from wagtail.admin.panels import FieldPanel


class DateComparison(compare.FieldComparison):
    """Compares two versions of a milestone by their whole date, written in ISO 8601."""

    def __init__(self, field, obj_a, obj_b):
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = str(obj_a.moment), str(obj_b.moment)


class DatePartsPanel(FieldPanel):
    """A panel for the boxes of a milestone's date, which are fields of its form but not of its table."""

    def __init__(self, field_name, **kwargs):
        # Without its date a milestone can't even be kept as a draft.
        super().__init__(field_name, **({"required_on_save": True} | kwargs))

    @property
    def db_field(self):
        return self.model._meta.get_field("start")

    def get_comparison_class(self):
        return DateComparison if self.field_name == "starts" else None

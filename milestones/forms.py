"""The form in which staff enter a milestone: its date in three boxes, as well as it is known."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from translations.forms import TranslatedRecordForm

from .dates import FuzzyDate, InvalidDateError, Precision, Qualifier

PARTS = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))


class DatePartsWidget(forms.MultiWidget):
    """Three small boxes: day, month, year."""

    template_name = "milestones/date_parts_widget.html"
    use_fieldset = True

    class Media:
        css = {"all": ["css/widgets.css"]}

    def __init__(self, attrs=None):
        boxes = {
            name: forms.TextInput(attrs={"inputmode": "numeric", "size": size, "maxlength": size})
            for name, _label, size in PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value):
        return list(value or (None, None, None))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for (_name, label, _size), subwidget in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            subwidget["label"] = label
        return context


class DatePartsField(forms.MultiValueField):
    """A date that may lack its day, or its day and month, as it stands in the boxes: (day, month, year).

    None if all three are empty.
    """

    widget = DatePartsWidget

    def __init__(self, **kwargs):
        whole_number = {"invalid": _("Write the day, the month and the year in figures.")}
        fields = [forms.IntegerField(required=False, error_messages=whole_number) for _part in PARTS]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values):
        return tuple(values) if values and any(value is not None for value in values) else None


class MilestoneForm(TranslatedRecordForm):
    """Turns the boxes into a `FuzzyDate`; its precision follows from what was left empty."""

    starts = DatePartsField(
        label=_("Date"),
        help_text=_("Leave out what isn't known: “May 2015” has no day, “2022” neither day nor month."),
    )
    ends = DatePartsField(
        label=_("End"),
        required=False,
        help_text=_("Only for something that lasted, such as “From June 11 to 12”."),
    )
    by_the_end = forms.BooleanField(
        label=_("By the end of"),
        required=False,
        help_text=_("The date reads “By the end of 2022” instead of “In 2022”."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.start:
            moment = self.instance.moment
            self.initial |= {
                "starts": to_boxes(moment.start, moment.precision),
                "ends": to_boxes(moment.end, moment.precision) if moment.end else None,
                "by_the_end": moment.qualifier == Qualifier.BY_THE_END,
            }

    def clean(self):
        cleaned = super().clean()
        if self.errors.keys() & {"starts", "ends"}:
            return cleaned
        try:
            self.instance.moment = FuzzyDate.from_parts(
                from_boxes(cleaned.get("starts")),
                from_boxes(cleaned.get("ends")),
                Qualifier.BY_THE_END if cleaned.get("by_the_end") else Qualifier.PLAIN,
            )
        except InvalidDateError as error:
            self.add_error(
                "ends" if self._is_about_end(cleaned) else "starts", ValidationError(error.message)
            )
        return cleaned

    def _is_about_end(self, cleaned) -> bool:
        """Whether the start is fine by itself, so that the end is what has to be mended."""
        if not cleaned.get("ends"):
            return False
        try:
            FuzzyDate.from_parts(from_boxes(cleaned.get("starts")))
        except InvalidDateError:
            return False
        return True


def from_boxes(boxes: tuple | None) -> tuple[int | None, int | None, int | None]:
    """(year, month, day), as `FuzzyDate` takes it, of what stands in the boxes."""
    return tuple(reversed(boxes)) if boxes else (None, None, None)


def to_boxes(moment: date, precision: Precision) -> tuple[int | None, int | None, int]:
    """What stands in the boxes for a date, with None for what its precision leaves open."""
    return (
        moment.day if precision == Precision.DAY else None,
        None if precision == Precision.YEAR else moment.month,
        moment.year,
    )

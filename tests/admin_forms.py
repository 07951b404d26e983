"""What a browser would send if it opened a form of Wagtail's admin and saved it unchanged."""

from django import forms
from wagtail import blocks
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.blocks.field_block import FieldBlock


def form_data(form) -> dict[str, str]:
    """The fields of a form and of the formsets inside it, each as its widget shows it."""
    data = {}
    for name, field in form.fields.items():
        bound = form[name]
        if isinstance(field.widget, blocks.base.BlockWidget):
            data |= block_data(field.block, bound.value(), bound.html_name)
        else:
            data |= widget_data(field.widget, bound.html_name, bound.value())
    for formset in getattr(form, "formsets", {}).values():
        data |= form_data(formset.management_form)
        for child in formset.forms:
            data |= form_data(child)
    return data


def widget_data(widget: forms.Widget, name: str, value) -> dict[str, str]:
    value = getattr(value, "pk", value)
    if isinstance(widget, forms.MultiWidget):
        shown = widget.get_context(name, value, {})["widget"]["subwidgets"]
        return {part["name"]: single(part["value"]) for part in shown}
    if isinstance(widget, forms.CheckboxInput):
        return {name: "on"} if value else {}
    return {name: single(widget.format_value(value))}


def single(shown) -> str:
    """What one input sends; a list of choices shows its only one."""
    if isinstance(shown, list | tuple):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)


def block_data(block: blocks.Block, value, prefix: str) -> dict[str, str]:
    data = {}
    match block:
        case blocks.StreamBlock():
            data[f"{prefix}-count"] = str(len(value))
            for number, child in enumerate(value):
                place = f"{prefix}-{number}"
                data |= {
                    f"{place}-deleted": "",
                    f"{place}-order": str(number),
                    f"{place}-type": child.block_type,
                    f"{place}-id": child.id or "",
                }
                data |= block_data(child.block, child.value, f"{place}-value")
        case blocks.StructBlock():
            for name, child in block.child_blocks.items():
                data |= block_data(child, value[name], f"{prefix}-{name}")
        case blocks.RichTextBlock():
            widget = get_rich_text_editor_widget(block.editor, features=block.features)
            data[prefix] = widget.format_value(value.source)
        case FieldBlock():
            data |= widget_data(block.field.widget, prefix, block.value_for_form(value))
        case _:
            raise NotImplementedError(f"{type(block).__name__} is not known here")
    return data

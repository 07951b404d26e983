from .languages import current_language


def language(request):
    """The language that a template is rendered in, as a `Language`."""
    return {"language": current_language()}

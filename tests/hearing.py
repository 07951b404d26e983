"""What a screen reader says."""


def heard(element) -> str:
    """The text of an element without what is drawn for the eye alone."""
    texts = element.find_all(string=True)
    said = [text for text in texts if not text.find_parent(attrs={"aria-hidden": "true"})]
    return " ".join("".join(said).split())

"""Reading XML that a stranger may have written."""

from django.utils.translation import gettext as _
from lxml import etree

from .units import ExchangeError

MAX_DEPTH = 60
ENCODINGS = {"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"}


def parser() -> etree.XMLParser:
    """Expands no entity, opens no address, loads no DTD, and keeps libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def parse(data: bytes) -> etree._Element:
    """The root of a document. Raises `ExchangeError`, with one sentence, for what isn't plain XML."""
    if declares_types(data):
        raise ExchangeError(
            _("The file has a document type declaration (DOCTYPE), which the site doesn’t read.")
        )
    try:
        root = etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        line = getattr(error, "lineno", None) or 1
        raise ExchangeError(
            _("The file isn’t well-formed XML: line %(line)s can’t be read.") % {"line": line}
        ) from error
    tree = root.getroottree()
    # In an encoding that hides the letters above.
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise ExchangeError(
            _("The file has a document type declaration (DOCTYPE), which the site doesn’t read.")
        )
    if (tree.docinfo.encoding or "utf-8").lower() not in ENCODINGS:
        raise ExchangeError(
            _("The file is written in the encoding “%(encoding)s”; save it as UTF-8.")
            % {"encoding": tree.docinfo.encoding[:40]}
        )
    check_depth(root)
    return root


def declares_types(data: bytes) -> bool:
    """Whether XML has a DOCTYPE, or an entity of its own."""
    return any(word in data.replace(b"\0", b"") for word in (b"<!DOCTYPE", b"<!ENTITY"))


def check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ExchangeError(
                _("The elements of this file stand more than %(limit)s deep in each other.")
                % {"limit": MAX_DEPTH}
            )

"""Segments as tests write them, without a record."""

from translations.segments import Segment, digest_of, renumbered, runs


def plain(source: str, target: str = "", name: str = "0", max_length: int | None = None) -> Segment:
    """A segment of a plain field."""
    return Segment(
        record="pages.contentpage:1",
        field="title",
        block="-",
        part=name,
        source=source,
        target=target,
        digest=digest_of(source, ()),
        max_length=max_length,
    )


def rich(source: str, target: str = "", name: str = "0") -> Segment:
    """A segment of rich text, both sides given as HTML."""
    (run,) = runs(source)
    text, codes = "", ()
    if target:
        text, codes = renumbered(runs(target)[0], run.codes)
    return Segment(
        record="pages.contentpage:1",
        field="body",
        block="b1",
        part=name,
        source=run.text,
        target=text,
        codes=run.codes,
        target_codes=codes,
        digest=digest_of(run.text, run.codes),
        is_rich=True,
    )

"""Makes the three fonts of the social cards from Debian's packages fonts-noto-core and fonts-noto-cjk.

Run by hand, and only to renew them: `pip install fonttools && python discovery/fonts/make_subsets.py`.
"""

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
SYSTEM = Path("/usr/share/fonts")
SIMPLIFIED_CHINESE = "Noto Sans CJK SC"

# Basic Latin, Latin-1, Latin Extended-A and -B, the accents of Vietnamese and of pinyin, combining marks,
# punctuation, currency, arrows.
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x300, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    0x2116,
    0x2122,
    0x2190,
    0x2192,
    0x2212,
]
CYRILLIC = range(0x400, 0x530)
ARABIC = [*range(0x600, 0x700), *range(0x750, 0x780), 0x200C, 0x200D, 0x200E, 0x200F]


def gb2312() -> set[int]:
    """The 6,763 characters of GB 2312 and its punctuation (rows 1 to 9 and 16 to 87)."""
    characters = set()
    for row in [*range(1, 10), *range(16, 88)]:
        for cell in range(1, 95):
            try:
                characters.add(ord(bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return characters


CHINESE = gb2312() | {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), *range(0x3000, 0x3018)}
CHINESE |= set(range(0xFF01, 0xFF5F)) | {0xB7, 0x2E3A}


def subset(font: TTFont, characters, target: Path, features: list[str]) -> None:
    options = Options()
    options.layout_features = features
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(target)


def main() -> None:
    for weight in ("Regular", "Bold"):
        with tempfile.TemporaryDirectory() as folder:
            parts = []
            for name, characters in (("NotoSans", [*LATIN, *CYRILLIC]), ("NotoSansArabic", ARABIC)):
                font = TTFont(SYSTEM / f"truetype/noto/{name}-{weight}.ttf")
                if name == "NotoSansArabic":
                    # What both have stays in the shape of the Latin one, beside which it stands.
                    characters = [code for code in characters if code not in LATIN]
                part = Path(folder) / f"{name}.ttf"
                features = [
                    "kern",
                    "mark",
                    "mkmk",
                    "ccmp",
                    "locl",
                    "init",
                    "medi",
                    "fina",
                    "isol",
                    "rlig",
                    "calt",
                ]
                subset(font, characters, part, features)
                parts.append(str(part))
            # One font for lines that mix Arabic, Latin and Cyrillic, so that they are shaped as a whole.
            Merger().merge(parts).save(HERE / f"NotoSans-{weight}.ttf")
    # One weight: seven thousand characters take almost three megabytes.
    collection = TTCollection(SYSTEM / "opentype/noto/NotoSansCJK-Bold.ttc")
    font = next(font for font in collection if SIMPLIFIED_CHINESE in font["name"].getDebugName(1))
    with tempfile.TemporaryDirectory() as folder:
        # Out of its collection first, whose tables the fonts share.
        alone = Path(folder) / "alone.otf"
        font.save(alone)
        subset(TTFont(alone), CHINESE, HERE / "NotoSansSC-Bold.otf", ["kern", "locl", "ccmp"])


if __name__ == "__main__":
    main()

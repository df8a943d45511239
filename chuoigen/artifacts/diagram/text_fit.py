"""Turns text into text that fits: widths estimated for the widest of the usual fonts, an ellipsis where it is cut."""

from functools import lru_cache

# Advance widths in hundredths of an em, the wider of DejaVu Sans and Liberation Sans (metrically Arial), rounded up to
# steps of 6; read from the fonts' hmtx tables on 2026-11-23. Too wide an estimate costs a character, too narrow a one
# lets text run out of its box.
_ADVANCES = {
    30: "'Iijl",
    36: " ,./:;\\f|·",
    42: "!()-[]rt",
    48: '"',
    54: "*J`sz°",
    60: "?L_ckvxy",
    66: "$0123456789FTabdeghnopqu{}µé",
    72: "ABEKPSVXYZ",
    78: "&CDGHNRU",
    84: "#+<=>OQ^w~≤",
    90: "M",
    96: "%",
    102: "@Wm…—→",
}
_WIDTH = {character: width for width, characters in _ADVANCES.items() for character in characters}
# What the table does not know: East Asian text is one em wide, some symbols a little more.
_UNKNOWN = 112
# Every glyph of DejaVu Sans Mono and Liberation Mono takes 60.2 or less; what they lack comes from another font.
_MONO = 61
# DejaVu Sans Bold against the table, over words of letters and digits.
_BOLD = 1.16

ELLIPSIS = "…"


def clean(text: str) -> str:
    """Return the text on one line, with a replacement for each character that XML or a font cannot show."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


@lru_cache(maxsize=4096)
def width(text: str, face: str, size: int) -> int:
    """Estimate how wide a text is at most, in pixels; `face` is plain, bold or mono, `size` the font size in pixels."""
    if face == "mono":
        units: float = sum(_MONO if character in _WIDTH else _UNKNOWN for character in text)
    else:
        units = sum(_WIDTH.get(character, _UNKNOWN) for character in text)
    return -int(-(units * (_BOLD if face == "bold" else 1.0) * size) // 100)


def shorten(text: str, face: str, size: int, room: int) -> str:
    """Cut a text to `room` pixels with an ellipsis near its end: tags and ports often stand there."""
    if width(text, face, size) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        tail = kept // 3
        cut = text[: kept - tail].rstrip() + ELLIPSIS + text[len(text) - tail :].lstrip()
        if width(cut, face, size) <= room:
            return cut
    return ELLIPSIS

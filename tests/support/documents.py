"""Documents as programs of offices write them, for the readers' tests: PDF by hand."""

from collections.abc import Sequence

__all__ = ["TextLine", "pdf"]

#: A line of a page: text, size of its letters in points, distance from the bottom and left.
TextLine = tuple[str, float, float, float]


def pdf(pages: Sequence[Sequence[TextLine]], *, title: str = "") -> bytes:
    """A PDF whose text is told by a table from glyphs to Unicode, as word processors write it."""
    letters = sorted({char for page in pages for line in page for char in line[0]})
    glyphs = {char: f"{number:04x}" for number, char in enumerate(letters, 1)}
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    pairs = "\n".join(
        f"<{glyph}> <{char.encode('utf-16-be').hex()}>" for char, glyph in glyphs.items()
    )
    unicode = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapName /A def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "\n".join(
            f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
            for part in _parts(pairs.splitlines(), 100)
        )
        + "\nendcmap end"
    )
    title_hex = ("\ufeff" + title).encode("utf-16-be").hex()
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H"
        "/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 500"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 -200 500 800]"
        "/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>>>]/ToUnicode 4 0 R>>",
        _stream(unicode),
        f"<</Title<{title_hex}>>>",
    ]
    for at, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {7 + 2 * at} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        drawn = (
            f"BT /F {size} Tf {left} {bottom} Td <{''.join(glyphs[c] for c in text)}> Tj ET"
            for text, size, bottom, left in page
        )
        objects.append(_stream("\n".join(drawn)))
    data = b"%PDF-1.5\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return data + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {size}/Root 1 0 R/Info 5 0 R>>\nstartxref\n{len(data)}\n%%EOF\n"
    ).encode("latin-1")


def _stream(text: str) -> str:
    return f"<</Length {len(text)}>>\nstream\n{text}\nendstream"


def _parts(lines: Sequence[str], size: int) -> list[Sequence[str]]:
    return [lines[at : at + size] for at in range(0, len(lines), size)]

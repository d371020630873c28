"""The objects of one embedded font (ISO 32000-1, 9.7): a Type 0 font, its descendant, and the way back to text."""

from collections.abc import Mapping, Sequence

from services.pdf import cff
from services.pdf.font_store import glyph
from services.pdf.objects import stream

OBJECTS = 5
BLOCK = 100


def codes(characters: Sequence[str]) -> dict[str, str]:
    """The two bytes, in hexadecimal, by which the page calls each character."""
    return {character: f"{number:04X}" for number, character in enumerate(characters, start=1)}


def font_objects(name: str, encoded: Mapping[str, str], first: int, *, level: int) -> list[bytes]:
    """For consecutive object numbers from the first on, which is the font itself."""
    glyphs = [glyph(character) for character in encoded]
    advances = " ".join(str(one.advance) for one in glyphs)
    program = cff.build(name, [one.charstring for one in glyphs])
    return [
        f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
        f" /DescendantFonts [{first + 1} 0 R] /ToUnicode {first + 4} 0 R>>".encode(),
        f"<</Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /FontDescriptor {first + 2} 0 R"
        f" /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
        f" /DW {cff.EM} /W [1 [{advances}]]>>".encode(),
        f"<</Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{' '.join(map(str, cff.FONT_BOX))}]"
        f" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 733 /StemV 80 /FontFile3 {first + 3} 0 R>>".encode(),
        stream(program, "/Subtype /CIDFontType0C", level=level),
        stream(_to_unicode(encoded), level=level),
    ]


def _to_unicode(encoded: Mapping[str, str]) -> bytes:
    pairs = [f"<{code}> <{character.encode('utf-16-be').hex()}>" for character, code in encoded.items()]
    blocks = [pairs[at : at + BLOCK] for at in range(0, len(pairs), BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ]
    return "\n".join(lines).encode("ascii")

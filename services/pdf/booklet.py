"""Many pages in one file: what they share is written once, what each adds as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from services.pdf import embedding, metadata, sheet, signature, tags
from services.pdf.canvas import Canvas
from services.pdf.certificate import CONSTANT_NAME, EXTRA_NAME, QUICK
from services.pdf.lettering import CONSTANT_FONT, EXTRA_FONT, Element, Lettering
from services.pdf.long_file import LongFile, Sink
from services.pdf.objects import stream
from services.pdf.page import Area, corners
from services.pdf.sheet import Parts
from services.pdf.signature import Sign
from services.pdf.tags import Tagged

# Writes an annotation, given its place in the parent tree.
Annotation = Callable[[int], str]


class About(NamedTuple):
    """What the file says of itself; the day it was made is that of its signature too."""

    title: str
    identifier: str
    day: date


class Booklet:
    """In memory stay the letters met so far and half a kilobyte for each page.

    `words` are on most pages. The digital signature, one for all of them, opens with a click on `sealed_area` of the
    first page.
    """

    def __init__(self, file: Sink, words: str, sealed_area: Area) -> None:
        self._file = LongFile(file)
        self._parts = Parts(*(self._file.reserve() for _ in Parts._fields))
        self._catalogue, self._document, self._parents, self._appearance = (self._file.reserve() for _ in range(4))
        self._fonts = {name: self._file.reserve(embedding.OBJECTS) for name in (CONSTANT_FONT, EXTRA_FONT)}
        self._sealed_area = sealed_area
        self._codes = embedding.codes(sorted(set(words)))
        self._extra: dict[str, str] = {}
        self._drawn: dict[str, int] = {}
        self._pages: list[int] = []
        self._chapters: list[int] = []
        self._leaves: list[int] = []
        self._next_key = 0

    def lettering(self) -> Lettering:
        """The text of a page to come."""
        return Lettering(self._codes, self._extra)

    def drawn(self, name: str, draw: Callable[[], Canvas]) -> int:
        """What is the same on many pages, written the first time it is asked for by this name."""
        if name not in self._drawn:
            self._drawn[name] = self.stream(sheet.form(draw()))
        return self._drawn[name]

    def stream(self, value: bytes) -> int:
        number = self._file.reserve()
        self._file.add(number, value)
        return number

    def add(self, text: Lettering, drawings: Mapping[str, int], annotations: Mapping[str, Annotation]) -> None:
        """One page; `drawings` by the names its text calls them, `annotations` by the role of their element."""
        page, content = self._file.reserve(), self.stream(stream(text.content(), level=QUICK))
        numbers = {role: self._file.reserve() for role in annotations}
        written = dict(annotations)
        if not self._pages:
            numbers["Form"], written["Form"] = self._parts.field, self._field(page)
            text.root.kids.append(Element("Form"))
        tagged = self._tagged(text.root, page, numbers)
        for key, (role, annotation) in enumerate(written.items(), start=tagged.key + 1):
            self._file.pack(numbers[role], annotation(key))
        self._file.pack(page, self._page(content, drawings, numbers.values(), tagged.key))
        self._file.write_packed()

    def _tagged(self, root: Element, page: int, annotations: Mapping[str, int]) -> Tagged:
        """The structure of one page, as a part of the whole document."""
        root.role = "Part"
        tagged = Tagged(root, self._file.reserve(tags.count(root)), page, annotations, self._next_key)
        for number, node in enumerate(tagged.nodes(parent=self._document), start=tagged.first):
            self._file.pack(number, node)
        leaf = self._file.reserve()
        self._file.pack(leaf, f"<</Nums [{tagged.entries()}] /Limits [{tagged.key} {tagged.next_key - 1}]>>")
        self._pages.append(page)
        self._chapters.append(tagged.first)
        self._leaves.append(leaf)
        self._next_key = tagged.next_key
        return tagged

    def _page(self, content: int, drawings: Mapping[str, int], annotations: Iterable[int], key: int) -> str:
        return (
            f"<</Type /Page /Parent {self._parts.pages} 0 R /MediaBox {sheet.MEDIA} /Contents {content} 0 R"
            f" /Resources <</Font <<{_named(self._fonts)}>> /XObject <<{_named(drawings)}>>>>"
            f" /Annots [{_listed(annotations)}] /StructParents {key} /Tabs /S>>"
        )

    def _field(self, page: int) -> Annotation:
        area = corners(self._sealed_area)
        return lambda key: signature.field(self._parts.signature, self._appearance, page, area, key)

    def close(self, about: About, sign: Sign) -> None:
        """Raises SignatureTooLong."""
        file, parts = self._file, self._parts
        self._write_fonts()
        description = metadata.packet(about.title, about.identifier, about.day)
        file.add(parts.metadata, stream(description, "/Type /Metadata /Subtype /XML", level=0))
        file.add(parts.profile, sheet.profile())
        file.add(self._appearance, stream(b"", signature.appearance(), level=0))
        file.pack(parts.pages, f"<</Type /Pages /Kids [{_listed(self._pages)}] /Count {len(self._pages)}>>")
        file.pack(self._parents, f"<</Kids [{_listed(self._leaves)}]>>")
        chapters = _listed(self._chapters)
        file.pack(self._document, f"<</Type /StructElem /S /Document /P {parts.structure} 0 R /K [{chapters}]>>")
        file.pack(parts.structure, tags.tree_root(self._document, self._parents, self._next_key))
        file.pack(self._catalogue, sheet.catalogue(parts))
        file.close(self._catalogue, parts.signature, signature.dictionary(about.day), sign)

    def _write_fonts(self) -> None:
        for name, codes, first in (
            (CONSTANT_NAME, self._codes, self._fonts[CONSTANT_FONT]),
            (EXTRA_NAME, self._extra, self._fonts[EXTRA_FONT]),
        ):
            for number, value in enumerate(embedding.font_objects(name, codes, first, level=QUICK), start=first):
                self._file.add(number, value)


def _named(numbers: Mapping[str, int]) -> str:
    return " ".join(f"/{name} {number} 0 R" for name, number in numbers.items())


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)

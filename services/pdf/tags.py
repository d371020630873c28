"""The structure tree (ISO 32000-1, 14.7): what a screen reader reads, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.pdf.lettering import Element


@dataclass(frozen=True, slots=True)
class Tagged:
    """The elements of one page and the object numbers that they point to.

    `first` is the number of the first element, the others follow. `key` names the page's marked content in the parent
    tree, and the keys after it the annotations in their order, each by the role of its element.
    """

    root: Element
    first: int
    page: int
    annotations: Mapping[str, int]
    key: int = 0

    def nodes(self, parent: int) -> Iterator[str]:
        """The elements as objects, with consecutive numbers."""
        elements = list(_walk(self.root))
        numbers = self._numbers(elements)
        parents = {
            id(kid): numbers[id(element)] for element in elements for kid in element.kids if isinstance(kid, Element)
        }
        for element in elements:
            yield self._node(element, numbers, parents.get(id(element), parent))

    def entries(self) -> str:
        """What the parent tree says of this page."""
        elements = list(_walk(self.root))
        numbers = self._numbers(elements)
        marks = {kid: numbers[id(element)] for element in elements for kid in element.kids if isinstance(kid, int)}
        of_role = {element.role: numbers[id(element)] for element in elements}
        said = [f"{self.key} [{' '.join(f'{marks[mark]} 0 R' for mark in sorted(marks))}]"]
        said += [f"{key} {of_role[role]} 0 R" for key, role in enumerate(self.annotations, start=self.key + 1)]
        return " ".join(said)

    @property
    def next_key(self) -> int:
        return self.key + 1 + len(self.annotations)

    def _numbers(self, elements: list[Element]) -> dict[int, int]:
        return {id(element): number for number, element in enumerate(elements, start=self.first)}

    def _node(self, element: Element, numbers: Mapping[int, int], parent: int) -> str:
        kids = [str(kid) if isinstance(kid, int) else f"{numbers[id(kid)]} 0 R" for kid in element.kids]
        if element.role in self.annotations:
            kids.append(f"<</Type /OBJR /Obj {self.annotations[element.role]} 0 R /Pg {self.page} 0 R>>")
        return (
            f"<</Type /StructElem /S /{element.role} /P {parent} 0 R /Pg {self.page} 0 R"
            f" {element.attributes} /K [{' '.join(kids)}]>>"
        )


def tree_root(document: int, parent_tree: int, next_key: int) -> str:
    return f"<</Type /StructTreeRoot /K [{document} 0 R] /ParentTree {parent_tree} 0 R /ParentTreeNextKey {next_key}>>"


def count(element: Element) -> int:
    """Of an element and all below it."""
    return sum(1 for _ in _walk(element))


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)

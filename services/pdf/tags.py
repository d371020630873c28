"""The structure tree (ISO 32000-1, 14.7): what a screen reader reads, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from services.pdf.lettering import Element


def structure_objects(root: Element, first: int, page: int, link: int) -> list[str]:
    """For consecutive object numbers: the tree's root, the parent tree, then the elements."""
    elements = list(_walk(root))
    numbers = {id(element): first + 2 + at for at, element in enumerate(elements)}
    parents = {
        id(kid): numbers[id(element)] for element in elements for kid in element.kids if isinstance(kid, Element)
    }
    parents[id(root)] = first
    return [
        f"<</Type /StructTreeRoot /K [{numbers[id(root)]} 0 R] /ParentTree {first + 1} 0 R /ParentTreeNextKey 2>>",
        _parent_tree(elements, numbers),
        *(_node(element, numbers, parents[id(element)], page, link) for element in elements),
    ]


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)


def _parent_tree(elements: list[Element], numbers: dict[int, int]) -> str:
    """Key 0 is the page's marked content in order, key 1 the link's annotation."""
    marks = {kid: numbers[id(element)] for element in elements for kid in element.kids if isinstance(kid, int)}
    link = next(numbers[id(element)] for element in elements if element.role == "Link")
    return f"<</Nums [0 [{' '.join(f'{marks[mark]} 0 R' for mark in sorted(marks))}] 1 {link} 0 R]>>"


def _node(element: Element, numbers: dict[int, int], parent: int, page: int, link: int) -> str:
    kids = " ".join(str(kid) if isinstance(kid, int) else f"{numbers[id(kid)]} 0 R" for kid in element.kids)
    if element.role == "Link":
        kids += f" <</Type /OBJR /Obj {link} 0 R /Pg {page} 0 R>>"
    return f"<</Type /StructElem /S /{element.role} /P {parent} 0 R /Pg {page} 0 R {element.attributes} /K [{kids}]>>"

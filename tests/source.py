"""The product's source files as the architecture tests read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from db.settings import PROJECT

PRODUCT = ("Home.py", "db", "services", "web", "pages")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Source:
    """One file; `path` is relative to the project, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def layer(self) -> str:
        return self.path.partition("/")[0].removesuffix(".py")

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_migration(self) -> bool:
        """A record of what was done, written by Alembic, and not a module to read."""
        return self.path.startswith("db/migrations/versions/")

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, as `module` or `module.name`."""
        names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return names

    def all(self, *kinds: type[Node]) -> Iterator[Node]:
        yield from nodes(self.tree, *kinds)

    @property
    def functions(self) -> Iterator[FunctionNode]:
        return (node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))

    def at(self, node: ast.expr | ast.stmt | ast.ExceptHandler, what: str) -> str:
        return f"{self.path}:{node.lineno}: {what}"


def nodes(tree: ast.AST, *kinds: type[Node]) -> Iterator[Node]:
    for node in ast.walk(tree):
        if isinstance(node, kinds):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or attribute, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def names_in(tree: ast.AST) -> set[str]:
    return {name.id for name in nodes(tree, ast.Name)}


def sources(*places: str) -> list[Source]:
    files = [file for place in places for file in (PROJECT.glob(place) if place.endswith(".py") else _below(place))]
    return [Source(file.relative_to(PROJECT).as_posix(), file.read_text(encoding="utf-8")) for file in sorted(files)]


def _below(folder: str) -> Iterator[Path]:
    return (PROJECT / folder).rglob("*.py")

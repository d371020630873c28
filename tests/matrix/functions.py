"""Every service function that somebody's click can reach, and what it is called with for somebody's thing."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import EnumType
from itertools import product
from types import NoneType
from typing import Any, get_args, get_type_hints

from sqlalchemy.orm import Session, lazyload

import services
from db.base import Base
from services.clock import today
from services.permissions import Actor
from tests.matrix.arguments import CHOSEN, GIVEN, NUMBERS, PLAIN, ROWS_OF_A_PAGE, Glass
from tests.matrix.things import Things
from tests.source import dotted, sources


def reachable() -> dict[str, Callable[..., Any]]:
    """By `module.function`: those with an actor that anything in web/ or pages/ names."""
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {}
    for source in sources("Home.py", "web", "pages"):
        for node in source.all(ast.Name, ast.Attribute):
            head, _, rest = dotted(node).partition(".")
            function = _find(source.imports.get(head, ""), rest)
            if function is not None and Actor in get_type_hints(inspect.unwrap(function)).values():
                found[f"{function.__module__}.{function.__name__}".removeprefix("services.")] = function
    return found


def _find(imported: str, rest: str) -> Callable[..., Any] | None:
    if not imported.startswith("services"):
        return None
    found: Any = services
    for name in filter(None, [*imported.split(".")[1:], *rest.split(".")]):
        found = getattr(found, name, None)
    return found if inspect.isfunction(found) else None


class Call:
    """One function, to be called for somebody's thing; `ways` are its arguments, once for each member of an enum."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name, self.module, self.function = name, name.partition(".")[0], function
        hints = get_type_hints(inspect.unwrap(function))
        parameters = inspect.signature(function).parameters.values()
        self.asked = {each.name: hints[each.name] for each in parameters if self._is_asked(each)}

    def _is_asked(self, parameter: inspect.Parameter) -> bool:
        needed = parameter.default is inspect.Parameter.empty
        return needed or self._table(parameter.name) is not None or self._given(parameter.name) is not None

    def _given(self, name: str) -> Callable[[Things], Sequence[object]] | None:
        return GIVEN.get(f"{self.module}.{name}")

    def _table(self, name: str) -> type[Base] | None:
        places = (f"{self.name}.{name}", f"{self.module}.{name}", name)
        return next((NUMBERS[place] for place in places if place in NUMBERS), None)

    @property
    def is_about_a_thing(self) -> bool:
        rows = (isinstance(hint, type) and issubclass(hint, Base) for hint in self.asked.values())
        names = self.asked.keys()
        is_of_a_division = "code" in names and self._given("code") is not None  # some codes are passwords
        named = bool(names & {"examined", "place", "text", "upload"}) or is_of_a_division
        return named or any(map(self._table, names)) or any(rows)

    def ways(self, things: Things) -> Iterator[dict[str, Any]]:
        """The arguments but for the session and the actor, which `run` adds."""
        choices = [
            [(name, value) for value in self._values(things, name, hint)]
            for name, hint in self.asked.items()
            if hint not in {Actor, Session}
        ]
        yield from map(dict, product(*choices))

    def run(self, actor: Actor, way: Mapping[str, Any], session: Session) -> Any:
        given = {name: value(session) if isinstance(value, _Later) else value for name, value in way.items()}
        here = {name: {Actor: actor, Session: session}[hint] for name, hint in self.asked.items() if name not in given}
        return self.function(**given, **here)

    def _values(self, things: Things, name: str, hint: Any) -> list[Any]:
        kind, table, given = _without_none(hint), self._table(name), self._given(name)
        if given is not None:
            return list(given(things))
        if table is not None:
            return [_several(things.number(table), str(kind))]
        if name in {"transaction", "reading"}:
            return [_Later(lambda session: lambda: _same(session))]
        if isinstance(kind, EnumType):
            return list(kind) if name in CHOSEN else list(kind)[:1]
        if kind in things.rows:
            return [_Later(lambda session: session.get(kind, things.number(kind), options=[lazyload("*")]))]
        if name == "seen":
            return [self._version(things)]
        by_name = {"year": today().year, "years": [today().year], "text": things.mark}
        if kind is date:
            return [today()]
        return [by_name.get(name, [] if name in ROWS_OF_A_PAGE else PLAIN.get(kind, Glass()))]

    def _version(self, things: Things) -> object:
        """Of the row that it is about, as its page has seen it."""
        tables = filter(None, map(self._table, self.asked))
        return getattr(things.rows.get(next(tables, Base)), "version", 1)


@dataclass(frozen=True)
class _Later:
    """Read from the database when the call is made, in its session."""

    make: Callable[[Session], Any]

    def __call__(self, session: Session) -> Any:
        return self.make(session)


def _without_none(hint: Any) -> Any:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return kinds[0] if NoneType in get_args(hint) else hint


def _several(number: int, kind: str) -> object:
    if "Mapping" in kind:
        return {number: 1}
    return [number] if "Collection" in kind or "Sequence" in kind else number


@contextmanager
def _same(session: Session) -> Iterator[Session]:
    yield session

"""Rules about what runs without the beginning of its page: callbacks, and fragments that are drawn by themselves."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.source import FunctionNode, Source, dotted, names_in, nodes, sources

CALLBACKS = {"on_change", "on_click", "on_select", "on_submit"}
BLOCKS = {"transaction", "reading", "command"}
ASKS_ANEW = {"current_actor", "signed_in"}


def callbacks_change_the_screen_alone(source: Source) -> Iterator[str]:
    """They run before whoever is there has been asked for, so none of them reads or stores anything."""
    if source.layer not in {"web", "pages"}:
        return
    working = _working(source) | BLOCKS
    for keyword in source.all(ast.keyword):
        if keyword.arg in CALLBACKS and (found := names_in(keyword.value) & working | _borrowed(source, keyword.value)):
            yield source.at(keyword.value, f"a callback works with the database: {', '.join(sorted(found))}")


def _borrowed(source: Source, value: ast.expr) -> set[str]:
    """What other modules lend that opens a block there."""
    found = set()
    for node in nodes(value, ast.Name, ast.Attribute):
        head, _, rest = dotted(node).partition(".")
        if ".".join(filter(None, [source.imports.get(head, ""), rest])) in _working_elsewhere():
            found.add(dotted(node))
    return found


def fragments_ask_anew_who_is_there(source: Source) -> Iterator[str]:
    """One that works with the database, or is handed an actor, might do so for somebody who is gone by now."""
    working = _working(source)
    for function in source.functions:
        if not any(_is_fragment(each) for each in function.decorator_list):
            continue
        arguments = [*function.args.args, *function.args.kwonlyargs]
        handed = any(each.annotation is not None and "Actor" in names_in(each.annotation) for each in arguments)
        if handed or (function.name in working and not _calls_in(function) & ASKS_ANEW):
            yield source.at(function, f"{function.name} does not ask who is there")


def _is_fragment(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return dotted(called).rpartition(".")[2] == "fragment"


def _working(source: Source) -> set[str]:
    """The functions of a module that open a block, by themselves or through each other."""
    used = {function.name: _calls_in(function) | names_in(function) for function in source.functions}
    working = set(BLOCKS)
    while more := {name for name, names in used.items() if names & working} - working:
        working |= more
    return working & used.keys()


def _calls_in(function: FunctionNode) -> set[str]:
    return {dotted(call.func).rpartition(".")[2] for call in nodes(function, ast.Call)}


@cache
def _working_elsewhere() -> set[str]:
    found = set()
    for source in sources("web"):
        found |= {f"{source.module}.{name}" for name in _working(source)}
    return found

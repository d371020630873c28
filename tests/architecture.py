"""The rules of the house, each a function that names the places in a source file where it is broken."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from tests.source import Source, dotted, names_in, nodes, sources

MODULE_LINES, FUNCTION_LINES = 300, 40

OURS = {"db", "services", "web", "pages", "tests"}
MAY_IMPORT = {
    "db": {"db"},
    "services": {"db", "services"},
    "web": {"db", "services", "web"},
    "pages": {"db", "services", "web"},
    "Home": {"web"},
    "tests": OURS,
}
SCREEN_PACKAGES = {"streamlit", "starlette", "uvicorn", "uvloop", "streamlit_authenticator"}
NOT_FOR = {"services": SCREEN_PACKAGES, "pages": {"sqlalchemy", "starlette"}}
DB_PACKAGES = {"sqlalchemy"}
MIGRATION_PACKAGES = DB_PACKAGES | {"alembic"}

BLOCKS = {"transaction", "reading", "command"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "handlers", "common", "misc", "tools"}
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}
# What may be cached is shared by all users, so a module that caches knows nothing that belongs to one of them.
SHARED_KNOWLEDGE = {"services.divisions", "services.errors", "services.requirements", "services.rules", "web.i18n"}

SCOPED = {
    "AnnualSummary",
    "Attendance",
    "Audit",
    "AuditItem",
    "Binding",
    "BindingStep",
    "Certificate",
    "Claim",
    "ClaimFlag",
    "ClaimStep",
    "ClassFile",
    "CourseClass",
    "DashboardPlace",
    "Degree",
    "EmployerForecast",
    "Enrolment",
    "EnrolmentStep",
    "Evidence",
    "Exemption",
    "ExemptionFile",
    "Import",
    "ImportEvidence",
    "ImportFile",
    "ImportRow",
    "IdentityChange",
    "IdentityFile",
    "LegacyDecision",
    "LegacyImport",
    "LegacyPart",
    "LegacyRow",
    "Licence",
    "MisconductFile",
    "MisconductLook",
    "MisconductRecord",
    "MisconductStep",
    "MissingRecord",
    "MissingRecordFile",
    "Organisation",
    "OrganisationChange",
    "Person",
    "ProfileChange",
    "ProfileChangeItem",
    "Reminder",
    "Resemblance",
    "Title",
}
SCOPE_FACTS = {
    f"actor.{fact}"
    for fact in ("person_id", "account_id", "scopes", "organisation_ids", "own_organisation_ids", "divisions")
}


def imports_stay_within_their_layer(source: Source) -> Iterator[str]:
    for name, module in source.imports.items():
        package = module.partition(".")[0]
        if package in OURS and package not in MAY_IMPORT[source.layer]:
            yield f"{source.path}: {source.layer} imports {module}"
        elif package in NOT_FOR.get(source.layer, ()):
            yield f"{source.path}: {source.layer} imports {package} as {name}"


def db_knows_the_standard_library_and_sqlalchemy(source: Source) -> Iterator[str]:
    if source.layer != "db":
        return
    migrates = source.path.startswith(("db/migrations/", "db/migrate.py"))
    allowed = (MIGRATION_PACKAGES if migrates else DB_PACKAGES) | {"db"} | set(sys.stdlib_module_names)
    for module in source.imports.values():
        if module.partition(".")[0] not in allowed:
            yield f"{source.path}: db imports {module}"


def pages_decide_nothing(source: Source) -> Iterator[str]:
    """Permissions are the services' and the menu's; a page has no check of its own."""
    if source.layer == "pages":
        for module in source.imports.values():
            if module in {"services.permissions.allowed", "services.permissions.require"}:
                yield f"{source.path}: a page imports {module}"


def services_leave_the_transaction_alone(source: Source) -> Iterator[str]:
    if source.layer == "services":
        for call in source.all(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}:
                yield source.at(call, f"a service calls {dotted(call.func)}()")


def services_do_not_translate(source: Source) -> Iterator[str]:
    if source.layer == "services":
        for call in source.all(ast.Call):
            if dotted(call.func) in {"_", "gettext"}:
                yield source.at(call, "a service translates; N_() marks a text")


def a_transaction_holds_service_calls_only(source: Source) -> Iterator[str]:
    """Each st.* call may end the run and roll the block back, and so may whatever in web/ or the page calls one."""
    if source.layer not in {"web", "pages"}:
        return
    forbidden = _names_of_the_screen(source)
    for block in source.all(ast.With):
        if any(_opens_block(item.context_expr) for item in block.items):
            for statement in block.body:
                for name in sorted(names_in(statement) & forbidden):
                    yield source.at(statement, f"{name} inside a transaction")


def _opens_block(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and dotted(expression.func).rpartition(".")[2] in BLOCKS


def _names_of_the_screen(source: Source) -> set[str]:
    """Functions of Streamlit or of a module that draws with it, and those defined here by means of such a function."""
    forbidden = {"current_actor", "signed_in", "_"} | {
        name for name, module in source.imports.items() if _draws(module) and not name.isupper()
    }
    used = {function.name: names_in(function) for function in source.functions}
    while more := {name for name, names in used.items() if names & forbidden} - forbidden:
        forbidden |= more
    return forbidden


def _draws(module: str) -> bool:
    return module.partition(".")[0] == "streamlit" or _is_in(module, _drawing_modules())


@cache
def _drawing_modules() -> set[str]:
    """The modules of web/ that import Streamlit, themselves or through each other."""
    imports = {source.module: set(source.imports.values()) for source in sources("web")}
    drawing = {"streamlit"}
    while more := {name for name, known in imports.items() if any(_is_in(one, drawing) for one in known)} - drawing:
        drawing |= more
    return drawing - {"streamlit"}


def _is_in(imported: str, modules: set[str]) -> bool:
    return imported in modules or imported.rpartition(".")[0] in modules


def nobody_catches_everything(source: Source) -> Iterator[str]:
    for handler in source.all(ast.ExceptHandler):
        caught = {dotted(node) for node in ast.walk(handler.type)} if handler.type else {"Exception"}
        if caught & {"Exception", "BaseException"}:
            yield source.at(handler, "catches everything")


def nobody_writes_html(source: Source) -> Iterator[str]:
    for keyword in source.all(ast.keyword):
        if keyword.arg == "unsafe_allow_html":
            yield f"{source.path}:{keyword.value.lineno}: unsafe_allow_html"


def nothing_is_chosen_all_at_once(source: Source) -> Iterator[str]:
    """Streamlit offers "Select all" first, in English, where one click may revoke every hour of somebody."""
    for call in source.all(ast.Call):
        asked = next((keyword.value for keyword in call.keywords if keyword.arg == "select_all"), None)
        is_off = isinstance(asked, ast.Constant) and asked.value is False
        if dotted(call.func).endswith(".multiselect") and not is_off:
            yield source.at(call, "offers to choose all at once")


def only_shared_knowledge_is_cached(source: Source) -> Iterator[str]:
    caches = [node for node in source.all(ast.Attribute) if node.attr in {"cache_data", "cache_resource"}]
    known = {module for module in source.imports.values() if module.partition(".")[0] in OURS}
    personal = {module for module in known if not module.startswith(tuple(SHARED_KNOWLEDGE))}
    if caches and personal:
        yield source.at(caches[0], f"caches for all users beside {', '.join(sorted(personal))}")


def modules_stay_short(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MODULE_LINES and not source.is_migration:
        yield f"{source.path}: {lines} lines"


def functions_stay_short(source: Source) -> Iterator[str]:
    for function in source.functions:
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES and not source.is_migration:
            yield source.at(function, f"{function.name} has {lines} lines")


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    if vague := VAGUE & set(source.path.removesuffix(".py").split("/")):
        yield f"{source.path}: {', '.join(vague)} could hold anything"


def only_the_clock_tells_the_time(source: Source) -> Iterator[str]:
    if source.path != "services/clock.py":
        for node in source.all(ast.Attribute):
            if any(f".{dotted(node)}".endswith(f".{call}") for call in CLOCK):
                yield source.at(node, f"{dotted(node)}, not services.clock")


def relationships_are_joined_on_purpose(source: Source) -> Iterator[str]:
    for call in source.all(ast.Call):
        if dotted(call.func).rpartition(".")[2] == "relationship" and not _is_lazy_raise(call):
            yield source.at(call, 'a relationship without lazy="raise"')


def _is_lazy_raise(call: ast.Call) -> bool:
    values = {keyword.arg: keyword.value for keyword in call.keywords}
    lazy = values.get("lazy")
    return isinstance(lazy, ast.Constant) and lazy.value == "raise"


def a_press_in_a_browser_says_what_it_brings(source: Source) -> Iterator[str]:
    """`press(…, then=…)` makes sure that the text was not there before."""
    for function in source.functions if source.path.startswith("tests/browser/") else ():
        for before, after in pairwise(function.body):
            if _calls(before, "press") and _calls(after, "sees"):
                yield source.at(after, "press(…, then=…)")


def _calls(statement: ast.stmt, name: str) -> bool:
    """With nothing but places for arguments."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=called), keywords=[])):
            return called == name
    return False


def parametrised_tests_have_an_order(source: Source) -> Iterator[str]:
    """The processes that share the tests must agree on it, and a set has another one in each of them."""
    for call in source.all(ast.Call):
        named = dotted(call.func).rpartition(".")[2]
        if named == "parametrize" and len(call.args) > 1 and _is_unordered(call.args[1]):
            yield source.at(call, "parametrised with a set; sorted() gives it an order")


def _is_unordered(values: ast.expr) -> bool:
    match values:
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner]):
            return _is_unordered(inner)
        case ast.BinOp(left=left, right=right):
            return _is_unordered(left) or _is_unordered(right)
        case ast.ListComp(generators=[first, *_]):
            return _is_unordered(first.iter)
    return False


def queries_start_in_the_actors_scope(source: Source) -> Iterator[str]:
    """Yields `path::function` for each function that starts a query on personal data without looking at the actor.

    "Only inside `_visible_to`" would forbid honest code: a person's own list is narrower than what the person may
    see, and joining through it would cost the covering index. What can hold is that the function which starts the
    query takes the actor's person, account, organisations or divisions into it, or stands in a list with its reason.
    """
    if source.layer == "services":
        for function in source.functions:
            starts = any(_starts_query(call) for call in nodes(function, ast.Call))
            facts = {dotted(node) for node in nodes(function, ast.Attribute)}
            if starts and not facts & SCOPE_FACTS:
                yield f"{source.path}::{function.name}"


def _starts_query(call: ast.Call) -> bool:
    verb = dotted(call.func).rpartition(".")[2]
    first = dotted(call.args[0]) if call.args else ""
    return verb in {"select", "get", "get_one"} and first in SCOPED

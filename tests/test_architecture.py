"""The layers and the style of the house: every rule holds in the product, and every rule catches its offender."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from db.settings import PROJECT
from tests import architecture as rules
from tests import callbacks
from tests.source import PRODUCT, Source, sources
from web.navigation import PAGES, SCREENS

Rule = Callable[[Source], Iterable[str]]

PRODUCT_RULES: list[Rule] = [
    rules.imports_stay_within_their_layer,
    rules.db_knows_the_standard_library_and_sqlalchemy,
    rules.pages_decide_nothing,
    rules.services_leave_the_transaction_alone,
    rules.services_do_not_translate,
    rules.a_transaction_holds_service_calls_only,
    rules.nobody_catches_everything,
    rules.nobody_writes_html,
    rules.nothing_is_chosen_all_at_once,
    rules.only_shared_knowledge_is_cached,
    rules.modules_stay_short,
    rules.functions_stay_short,
    rules.names_say_what_is_inside,
    rules.only_the_clock_tells_the_time,
    rules.relationships_are_joined_on_purpose,
    callbacks.callbacks_change_the_screen_alone,
    callbacks.fragments_ask_anew_who_is_there,
]
TEST_RULES: list[Rule] = [
    rules.modules_stay_short,
    rules.functions_stay_short,
    rules.names_say_what_is_inside,
    rules.a_press_in_a_browser_says_what_it_brings,
    rules.parametrised_tests_have_an_order,
]

# Queries on personal data that do not look at the actor, each with what stands in for it.
SCOPED_OTHERWISE = {
    "services/as_of.py::_employer": "the person comes from `_visible_to`, which looks at the actor",
    "services/as_of.py::_series": "the person comes from `_visible_to`, which looks at the actor",
    "services/attendance.py::_to_mark": "the class comes from `of_class`, which looks at the actor",
    "services/attendance.py::everybody": "the class comes from a caller who found it in the actor's scope",
    "services/audit_items.py::_visible_to": "audits.visible_to is the scope of a supervisor",
    "services/audits.py::get": "audits.visible_to is the scope of a supervisor",
    "services/audits.py::list_drawn": "audits.visible_to is the scope of a supervisor",
    "services/binding_steps.py::current": "the binding comes from `get_to_move`, which looks at the actor",
    "services/bindings.py::_available": "whoever looks for his employer may see which ones there are",
    "services/bindings.py::call_off": "the binding comes from `get_to_move`, which looks at the actor",
    "services/certificates.py::valid": "follows a decision about hours that the caller found in the actor's scope",
    "services/class_choice.py::_open_to": "the employer is the actor's own",
    "services/class_closing.py::_due": "the application's own work, which nobody asks for",
    "services/class_files.py::_find": "the callers fetch the file's class in the actor's scope before they give it out",
    "services/class_posting.py::live_claim": "the enrolment comes from a caller who found it in the actor's scope",
    "services/claim_flags.py::of_claim": "the claim comes from a caller who found it in the actor's scope",
    "services/class_supervision.py::visible_to": "organisations.visible_to is the scope of a supervisor",
    "services/completion.py::_in_status": "the class comes from `attendance.of_class`, which looks at the actor",
    "services/demo/cases.py::take": "the demo plays what its people do",
    "services/demo/lessons.py::enrol": "the demo plays what its people do",
    "services/demo/lessons.py::take": "the demo plays what its people do",
    "services/enrolment_review.py::queue": "the class comes from `attendance.of_class`, which looks at the actor",
    "services/enrolments.py::_live_in": "the class comes from a caller who found it in the actor's scope",
    "services/evidence.py::_find": "the callers fetch the file's claim in the actor's scope before they give it out",
    "services/exemption_access.py::get": "visible_to looks at the actor",
    "services/exemption_form.py::_checked_hours": "the person is the actor himself, or found in his divisions",
    "services/exemptions.py::granted_beside": "the exemption comes from a caller who found it in the actor's scope",
    "services/exemptions.py::list_own": "exemption_access.own_by looks at the actor",
    "services/exemptions.py::queue": "exemption_access.supervised_by looks at the actor",
    "services/as_of.py::_exemption": "the person comes from `_visible_to`, which looks at the actor",
    "services/forgetting.py::_forget_exemptions": "the person closes his own account",
    "services/forgetting.py::_forget_cases": "the person closes his own account",
    "services/forgetting.py::_forget_missing": "the person closes his own account",
    "services/forgetting.py::_forget_claims": "the person closes his own account",
    "services/legacy_access.py::_visible_to": "the files of old systems are of all divisions, as the analyst is",
    "services/legacy_access.py::rejections": "the import comes from `get`, which looks at the actor",
    "services/legacy_candidates.py::_compared": "whom a row is about is asked by analysts, who see all people masked",
    "services/legacy_decisions.py::_held": "the person is one of those whom the analyst was shown",
    "services/legacy_reception.py::_find_or_create": "the same file again is the same import, whoever brings it",
    "services/misconduct.py::_due": "the application's own work, which nobody asks for",
    "services/misconduct.py::list_own": "misconduct_access.own_by looks at the actor",
    "services/reconciliation.py::_visible_to": "the rows of old systems are of all divisions, as the analyst is",
    "services/reconciliation.py::history": "the row comes from `get`, which looks at the actor",
    "services/misconduct.py::queue": "misconduct_access.supervised_by looks at the actor",
    "services/missing_records.py::get": "_own_by and _of_others look at the actor",
    "services/missing_records.py::list_own": "_own_by looks at the actor",
    "services/missing_records.py::queue": "_of_others looks at the actor",
    "services/misconduct_access.py::get": "visible_to looks at the actor",
    "services/misconduct_effects.py::_held": "the case comes from a caller who found it in the actor's scope",
    "services/misconduct_files.py::_find": "the callers fetch its case in the actor's scope before they give it out",
    "services/misconduct_notes.py::beside": "the claim comes from a caller who found it in the actor's scope",
    "services/misconduct_report.py::claims_to_choose": "claim_access.organisations_below is the scope of a supervisor",
    "services/obstacles.py::waiting_claims": "the binding comes from a caller who found it in the actor's scope",
    "services/hours_import.py::make": "the import comes from `import_access.get`, which looks at the actor",
    "services/import_undo.py::_accepted": "the import comes from `import_access.get`, which looks at the actor",
    "services/imports.py::file_of": "the import comes from `import_access.get`, which looks at the actor",
    "services/imports.py::forget_old": "the application's own work, which nobody asks for",
    "services/imports.py::rejections": "the import comes from `import_access.get`, which looks at the actor",
    "services/organisations.py::hold_approved": "the caller decides about something that the actor's scope holds",
    "services/mergers.py::_call_off_transfers": "the supervisor has found the employer in his divisions",
    "services/organisation_changes.py::drop": "the supervisor has found the organisation in his divisions",
    "services/organisation_changes.py::list_own": "the organisation comes from `get_own`, which looks at the actor",
    "services/resemblances.py::_compared": "names that anybody may know; what it gives out says nothing of people",
    "services/resemblances.py::_pairs_of": "the organisation comes from a caller who found it in the actor's scope",
    "services/resemblances.py::note_missing": "the housekeeping notes the names of all organisations",
    "services/forecasts.py::_rows": "_visible_to looks at the actor",
    "services/forecasts.py::employer": "_visible_to looks at the actor",
    "services/people_at_risk.py::page": "the employer comes from `forecasts.employer`, which looks at the actor",
    "services/people.py::_confirmed_by": "the person comes from a caller who found it in the actor's scope",
    "services/transfers.py::_due": "the application's own work, which nobody asks for",
    "services/recognition.py::_below": "claim_access.organisations_below is the scope of a supervisor",
    "services/qualifications.py::_follow_the_current": "the person comes from a caller who found him in his scope",
    "services/seats.py::_due": "the application's own work, which nobody asks for",
    "services/seats.py::_first_waiting": "who gets the seat follows from the order of waiting, whoever gave it back",
    "services/statements.py::employer_of": "the person is the actor's own, or found in his scope by the caller",
    "services/statements.py::present_employer": "likewise",
    "services/verification.py::_find": "who holds a certificate's number or code may verify it",
}

OFFENDERS: list[tuple[Rule, str, str]] = [
    (rules.imports_stay_within_their_layer, "db/a.py", "from services import claims"),
    (rules.imports_stay_within_their_layer, "services/a.py", "import web.i18n"),
    (rules.imports_stay_within_their_layer, "services/a.py", "import streamlit as st"),
    (rules.imports_stay_within_their_layer, "services/a.py", "def f():\n    from starlette.routing import Route"),
    (rules.imports_stay_within_their_layer, "web/a.py", "from pages.personal import claims"),
    (rules.imports_stay_within_their_layer, "web/a.py", "from tests import factories"),
    (rules.imports_stay_within_their_layer, "pages/a/b.py", "from sqlalchemy import select"),
    (rules.db_knows_the_standard_library_and_sqlalchemy, "db/a.py", "import pandas as pd"),
    (rules.db_knows_the_standard_library_and_sqlalchemy, "db/a.py", "from alembic import op"),
    (rules.pages_decide_nothing, "pages/a/b.py", "from services.permissions import Actor, require"),
    (rules.services_leave_the_transaction_alone, "services/a.py", "def f(session):\n    session.commit()"),
    (rules.services_leave_the_transaction_alone, "services/a.py", "def f(s):\n    s.connection().rollback()"),
    (rules.services_do_not_translate, "services/a.py", "def f():\n    return _('学时')"),
    (
        rules.a_transaction_holds_service_calls_only,
        "pages/a/b.py",
        "import streamlit as st\nwith reading() as session:\n    st.write(claims.list(session))",
    ),
    (
        rules.a_transaction_holds_service_calls_only,
        "pages/a/b.py",
        "from web.i18n import _\nwith command(_('好')) as session:\n    claims.act(session, _('退回'))",
    ),
    (
        rules.a_transaction_holds_service_calls_only,
        "pages/a/b.py",
        "with db.transaction() as session:\n    claims.act(session, current_actor())",
    ),
    (
        rules.a_transaction_holds_service_calls_only,
        "web/a.py",
        "import streamlit as st\ndef outer():\n    inner()\ndef inner():\n    st.write(1)\n"
        "def page():\n    with transaction() as session:\n        outer()",
    ),
    (rules.nobody_catches_everything, "web/a.py", "try:\n    f()\nexcept Exception:\n    raise"),
    (rules.nobody_catches_everything, "web/a.py", "try:\n    f()\nexcept (ValueError, BaseException):\n    g()"),
    (rules.nobody_catches_everything, "web/a.py", "try:\n    f()\nexcept:\n    g()"),
    (rules.nobody_writes_html, "web/a.py", "st.markdown(text, unsafe_allow_html=True)"),
    (rules.nothing_is_chosen_all_at_once, "web/a.py", "st.multiselect('学时', hours)"),
    (rules.nothing_is_chosen_all_at_once, "pages/a/b.py", "left.multiselect('学时', hours, select_all=True)"),
    (
        rules.only_shared_knowledge_is_cached,
        "web/a.py",
        "import streamlit as st\nfrom services import claims\n@st.cache_data\ndef f():\n    return 1",
    ),
    (rules.modules_stay_short, "db/a.py", "x = 1\n" * 301),
    (rules.functions_stay_short, "db/a.py", "def f():\n" + "    x = 1\n" * 40),
    (rules.names_say_what_is_inside, "services/utils.py", ""),
    (rules.names_say_what_is_inside, "web/helpers/rows.py", ""),
    (rules.only_the_clock_tells_the_time, "web/a.py", "import datetime\nx = datetime.datetime.now(UTC)"),
    (rules.only_the_clock_tells_the_time, "services/a.py", "x = date.today()"),
    (rules.only_the_clock_tells_the_time, "services/a.py", "make = partial(datetime.now, UTC)"),
    (rules.relationships_are_joined_on_purpose, "db/a.py", "steps = relationship(viewonly=True)"),
    (rules.relationships_are_joined_on_purpose, "db/a.py", "steps = orm.relationship(lazy='select')"),
    (
        callbacks.callbacks_change_the_screen_alone,
        "web/a.py",
        "def f():\n    with transaction() as s:\n        claims.act(s)\nst.button('好', on_click=partial(f, 1))",
    ),
    (callbacks.callbacks_change_the_screen_alone, "web/a.py", "st.button('好', on_click=lambda: g(transaction()))"),
    (
        callbacks.callbacks_change_the_screen_alone,
        "pages/a/b.py",
        "from web import command\nst.button('好', on_click=command.command)",
    ),
    (callbacks.fragments_ask_anew_who_is_there, "web/a.py", "@st.fragment\ndef f(actor: Actor): ..."),
    (
        callbacks.fragments_ask_anew_who_is_there,
        "web/a.py",
        "@st.fragment(run_every=1)\ndef f():\n    with reading() as s:\n        g(s)",
    ),
    (
        rules.a_press_in_a_browser_says_what_it_brings,
        "tests/browser/a.py",
        "def f(page):\n    press(page, '送审')\n    sees(page, '待审核')",
    ),
    (rules.parametrised_tests_have_an_order, "tests/a.py", "@pytest.mark.parametrize('a', {1, 2})\ndef f(): ..."),
    (
        rules.parametrised_tests_have_an_order,
        "tests/a.py",
        "@pytest.mark.parametrize('a', set(S) - ENDED)\ndef f(): ...",
    ),
    (rules.parametrised_tests_have_an_order, "tests/a.py", "x = parametrize('a', [n for n in frozenset(S)])"),
    (rules.queries_start_in_the_actors_scope, "services/a.py", "def f(session):\n    return select(Claim)"),
    (rules.queries_start_in_the_actors_scope, "services/a.py", "def f(s, i):\n    return s.get(Person, i)"),
]


@pytest.mark.parametrize("rule", PRODUCT_RULES, ids=lambda rule: rule.__name__)
def test_every_rule_holds_in_the_product(rule: Rule) -> None:
    findings = [finding for source in sources(*PRODUCT) for finding in rule(source)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("rule", TEST_RULES, ids=lambda rule: rule.__name__)
def test_the_tests_keep_the_style_too(rule: Rule) -> None:
    findings = [finding for source in sources("tests") for finding in rule(source)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(("rule", "path", "text"), OFFENDERS, ids=lambda part: getattr(part, "__name__", ""))
def test_every_rule_catches_its_offender(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


def test_every_rule_has_an_offender() -> None:
    assert {rule for rule, _path, _text in OFFENDERS} == {
        *PRODUCT_RULES,
        *TEST_RULES,
        rules.queries_start_in_the_actors_scope,
    }


def test_a_query_on_personal_data_starts_in_the_actors_scope() -> None:
    found = {place for source in sources("services") for place in rules.queries_start_in_the_actors_scope(source)}
    assert found == set(SCOPED_OTHERWISE)


def test_services_run_without_any_screen() -> None:
    """Not even through another package, in a process of its own."""
    assert loaded_with(PROJECT, "services") == []


def test_a_screen_behind_two_imports_is_found(tmp_path: Path) -> None:
    package = tmp_path / "services"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "claims.py").write_text("import between")
    (tmp_path / "between.py").write_text("import starlette")
    assert loaded_with(tmp_path, "services") == ["starlette"]


def loaded_with(folder: Path, package: str) -> list[str]:
    """The packages of the screen that come along when every module of a package is imported."""
    program = f"""
import importlib, pkgutil, sys
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted(set({sorted(rules.SCREEN_PACKAGES)}) & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_no_page_lies_directly_in_pages() -> None:
    """Streamlit would serve it by its address before the application has run once: a way past the sign-in."""
    assert pages_without_area(PAGES) == []


def test_a_page_directly_in_pages_is_found(tmp_path: Path) -> None:
    (tmp_path / "secret.py").touch()
    assert pages_without_area(tmp_path) == ["secret.py"]


def pages_without_area(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("*.py")]


def test_every_page_file_is_in_the_menu_once_and_every_row_has_its_file() -> None:
    files = [file.relative_to(PAGES).with_suffix("").as_posix() for file in PAGES.rglob("*.py")]
    assert sorted(screen.path for screen in SCREENS) == sorted(files)


def test_addresses_and_titles_of_one_section_are_unique() -> None:
    addresses = [screen.url_path for screen in SCREENS]
    titles = [(screen.section, screen.title) for screen in SCREENS]
    assert len(set(addresses)) == len(addresses)
    assert len(set(titles)) == len(titles)

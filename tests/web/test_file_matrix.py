"""Every file over plain HTTP, asked for by everybody: it is there for whom its service is, and for nobody else."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from db import transaction
from db.base import Base
from db.certificates import Certificate
from db.claims import Evidence
from db.classes import ClassFile, CourseClass
from db.enrolments import Enrolment
from db.exemptions import ExemptionFile
from db.identity_changes import IdentityFile
from db.imports import Import
from db.legacy import LegacyImport, LegacyRow
from db.misconduct import MisconductFile
from db.missing_records import MissingRecordFile
from services import clock, previews
from services.permissions import Actor
from tests.matrix import scope, table, world
from tests.matrix.world import Relation, Who, World
from tests.services.claim_forms import TODAY
from tests.web.client import new_client
from web import file_routes, filters, own_archive
from web.exports import EXPORTS

TABLE = table.functions()
# The service that each address asks, and what its number is of.
ASKED: dict[str, tuple[str, type[Base]]] = {
    "/certificates/{certificate_id:number}": ("certificates.read_pdf", Certificate),
    "/files/{file_id:number}": ("evidence.read", Evidence),
    "/files/classes/{file_id:number}": ("class_files.read", ClassFile),
    "/files/exemptions/{file_id:number}": ("exemptions.read_file", ExemptionFile),
    "/files/identity/{file_id:number}": ("identity_changes.read_file", IdentityFile),
    "/files/misconduct/{file_id:number}": ("misconduct_files.read", MisconductFile),
    "/files/missing/{file_id:number}": ("missing_records.read_file", MissingRecordFile),
}
FILLED = {"": "", "/{how}": "/inline", "/pages/{page:number}": "/pages/1"}
WAYS = tuple(FILLED)
WITHOUT_NUMBER = {
    own_archive.ADDRESS,
    "/exports/{name}",
    *(f"/{each}/{{rest:path}}" for each in ("files", "certificates", "exports")),
}
# Who may make an export, and what its address names, if it is of one thing.
MAKERS: dict[str, tuple[Who, str, type[Base] | None]] = {
    "attendance-list": (Who.PROVIDER, filters.CLASS, CourseClass),
    "certificates": (Who.PROFESSIONAL, "", None),
    "class-calendar": (Who.PROFESSIONAL, "id", Enrolment),
    "dashboard": (Who.SUPERVISOR, "", None),
    "dashboard-report": (Who.SUPERVISOR, "", None),
    "events": (Who.ADMINISTRATOR, "", None),
    "explored": (Who.ANALYST, "", None),
    "first-passwords": (Who.EMPLOYER, "id", Import),
    "forecast": (Who.SUPERVISOR, "", None),
    "hours-template": (Who.EMPLOYER, "", None),
    "import-errors": (Who.EMPLOYER, "id", Import),
    "legacy-certificate": (Who.PROFESSIONAL, "id", LegacyRow),
    "legacy-errors": (Who.ANALYST, "id", LegacyImport),
    "progress": (Who.EMPLOYER, "", None),
    "staff": (Who.EMPLOYER, "", None),
    "staff-certificates": (Who.EMPLOYER, "", None),
    "staff-template": (Who.EMPLOYER, "", None),
    "transcript": (Who.PROFESSIONAL, "", None),
}
# An employer has a forecast of its own staff.
ALSO_MADE_BY = {("forecast", Who.EMPLOYER)}
# Whose makers have nothing to make them of here: no figures of a year, no snapshot, no file that was uploaded.
BARREN = {
    "certificates",
    "dashboard",
    "dashboard-report",
    "explored",
    "forecast",
    "import-errors",
    "staff-certificates",
    "transcript",
}


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(previews, "page_image", lambda *_arguments: b"a picture")
    with clock.at(TODAY):
        with transaction() as session:
            made = world.build(session)
        yield made


def addresses() -> list[str]:
    return [route.path for route in file_routes.ROUTES if isinstance(route, Route)]


@pytest.mark.no_database
def test_every_address_of_a_file_stands_in_the_table() -> None:
    known = {f"{address}{way}" for address in ASKED for way in WAYS}
    assert set(addresses()) - WITHOUT_NUMBER <= known
    assert ASKED.keys() | WITHOUT_NUMBER <= set(addresses())


@pytest.mark.parametrize("address", ASKED)
def test_a_file_is_there_for_whom_its_service_says_and_for_nobody_else(
    address: str, built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, of = ASKED[address]
    ways = [way for way in WAYS if f"{address}{way}" in addresses()]
    for who, actor in built.actors.items():
        client = client_of(actor, monkeypatch)
        for relation, things in built.things.items():
            for way in ways:
                found = client.get(f"{address.partition('{')[0]}{things.number(of)}{FILLED[way]}")
                answers = HTTPStatus.OK if scope.may(actor, who, name, TABLE[name], relation) else HTTPStatus.NOT_FOUND
                assert found.status_code == answers, (who, relation.name, way)
                assert found.headers["cache-control"] == "no-store"
                assert found.headers["x-content-type-options"] == "nosniff"
                assert found.status_code == HTTPStatus.OK or found.text == "Not Found"


def client_of(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser in which this actor is signed in; how a cookie becomes an actor has its own tests."""
    monkeypatch.setattr(file_routes, "actor_of", lambda _request: None if actor.account_id is None else actor)
    return new_client()


@pytest.mark.no_database
def test_every_export_has_its_makers() -> None:
    assert MAKERS.keys() == EXPORTS.keys()


@pytest.mark.parametrize("name", MAKERS)
def test_an_export_is_made_for_its_makers_of_what_is_theirs(
    name: str, built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, parameter, table_of = MAKERS[name]
    for who, actor in built.actors.items():
        client, makes = client_of(actor, monkeypatch), who is maker or (name, who) in ALSO_MADE_BY
        for relation in Relation if table_of else [Relation.OWN]:
            asked = {parameter: built.things[relation].number(table_of)} if table_of else {}
            found = client.get(f"/exports/{name}", params=asked)
            if makes and relation in scope.USUAL[who] and name not in BARREN:
                assert found.status_code == HTTPStatus.OK, (who, relation.name)
                assert found.headers["cache-control"] == "no-store"
                assert found.headers["content-disposition"].startswith("attachment;")
            elif not makes or relation not in scope.USUAL[who]:
                assert found.status_code == HTTPStatus.NOT_FOUND, (who, relation.name)

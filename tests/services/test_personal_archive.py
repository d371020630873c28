"""Everything about oneself in one archive: complete, without secrets, and only after the password was given again."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from db import reading, transaction
from db.accounts import Account, Role
from db.base import Base
from db.claims import Evidence
from services import clock, password_change, personal_archive, personal_data, storage
from services.errors import InvalidField, PermissionDenied
from services.events import record
from services.own_password import WrongPassword
from services.permissions import Actor
from services.sessions import NotConfirmed
from services.throttle import TooManyAttempts
from tests import factories, signing_in, whole_life
from tests.services.acting import last_event, refused
from tests.signing_in import PASSWORD
from tests.whole_life import Life

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

# Tables that refer to an account or a person and are no part of the archive.
NOT_HANDED_OUT = {
    "activity_rule": "about a type of activity; that somebody made it is among his events",
    "class_step": "about a class; that somebody did it is among his events",
    "requirement_edition": "about what a year asks of everybody; that somebody drafted it is among his events",
    "resemblance": "about two organisations; that somebody told them apart is among his events",
    "import": "about a list of an employer; that somebody uploaded it is among his events",
    "import_row": "which line of such a list something came from; what came of it is in the archive itself",
    "legacy_import": "about a file of an old system; that somebody uploaded it is among his events",
    "audit": "about a sample; that somebody drew it is among his events",
    "organisation": "about an organisation; that somebody decided about it is among his events",
    "organisation_change": "likewise",
    "password_history": "hashes of earlier passwords and nothing else",
    "ticket": "hashes of a moment between password and cookie, gone after a day",
}
# Hashes under which files are kept that are not in the archive themselves.
NOT_PACKED = dict.fromkeys(
    (
        "evidence.sha256",
        "exemption_file.sha256",
        "identity_file.sha256",
        "misconduct_file.sha256",
        "missing_record_file.sha256",
    ),
    "the cleaned copy of a file whose original is in the archive",
)


@pytest.fixture
def life() -> Life:
    return whole_life.begin()


def fetch(actor: Actor, explanation: str = "说明") -> zipfile.ZipFile:
    with transaction() as session:
        personal_archive.begin(session, actor)
    with reading() as session:
        contents = personal_archive.collect(session, actor)
    return zipfile.ZipFile(io.BytesIO(b"".join(personal_archive.stream(contents, explanation))))


def permitted(life: Life) -> Actor:
    personal_archive.permit(transaction, life.actor, PASSWORD)
    return life.actor


def data_of(archive: zipfile.ZipFile) -> dict[str, list[dict[str, Any]]]:
    return dict(json.loads(archive.read(personal_archive.DATA)))


def test_every_table_that_refers_to_somebody_is_handed_out_or_has_its_reason() -> None:
    handed_out = {part.table.__tablename__ for part in personal_data.PARTS} | {"event"}
    about = {table.name for table in Base.metadata.tables.values() if refers(table, handed_out | {"account", "person"})}
    assert about - handed_out == set(NOT_HANDED_OUT)


def refers(table: Table, to: set[str]) -> bool:
    named = {"account_id", "person_id"} & set(table.columns.keys())
    return bool(named) or any(key.column.table.name in to for key in table.foreign_keys)


def test_every_hash_of_a_file_is_packed_or_has_its_reason(life: Life) -> None:
    found = contents(life.actor)
    found.data.close()
    packed = {file.sha256 for file in found.files}
    with reading() as session:
        for part in personal_data.PARTS:
            for column in (each for each in part.table.__table__.columns if "sha256" in each.name):
                stored = set(session.scalars(select(column).where(part.own(life.actor))))
                assert stored <= packed or str(column) in NOT_PACKED, column


def contents(actor: Actor) -> personal_archive.Contents:
    with reading() as session:
        return personal_archive.collect(session, actor)


def test_every_table_is_there_with_every_column_but_secrets_and_what_is_others(life: Life) -> None:
    data = data_of(fetch(permitted(life)))
    assert list(data) == [*(part.table.__tablename__ for part in personal_data.PARTS), "event"]
    for part in personal_data.PARTS:
        name, columns = part.table.__tablename__, set(part.table.__table__.columns.keys())
        assert data[name], name
        assert set(data[name][0]) == columns - personal_data.SECRET - personal_data.OF_OTHERS, name
    assert data["person"][0]["id_number"] == life.id_number
    assert len(data["claim"]) == 4


def test_values_are_written_as_people_read_them(life: Life) -> None:
    data = data_of(fetch(permitted(life)))
    approved = next(claim for claim in data["claim"] if claim["status"] == "approved")
    assert (approved["hours_awarded"], approved["start_on"], approved["category"]) == ("8.0", "2025-01-05", "general")
    assert approved["created_at"].endswith("+00:00")
    assert data["certificate"][0]["statement"] == {"name": life.person.name}


def test_no_secret_is_in_it_in_whatever_form(life: Life) -> None:
    archive = fetch(permitted(life))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    with reading() as session:
        account, person = session.get_one(Account, life.account.id), factories.person_of(session, life.account)
    secrets = [account.password_hash, account.totp_secret, person.id_number_digest, whole_life.EARLIER_PASSWORD]
    assert not [secret for secret in secrets if str(secret) in everything]
    assert not [word for word in ("password_hash", "token", "digest", "totp_secret") if word in everything]


def test_nothing_of_anybody_else_is_in_it(life: Life) -> None:
    other = whole_life.begin("another")
    archive = fetch(permitted(life))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for his in (other.id_number, other.person.mobile, other.person.email, other.account.username, other.person.name):
        assert his not in everything


def test_files_are_the_originals_under_names_that_lie_in_one_folder(life: Life) -> None:
    archive = fetch(permitted(life))
    evidence = [name for name in archive.namelist() if name.startswith("evidence/")]
    assert len(evidence) == 4
    assert all(name.count("/") == 2 and ".." not in name for name in evidence)
    assert all(archive.read(name).startswith(whole_life.ORIGINAL) for name in evidence)
    (proof,) = [name for name in archive.namelist() if name.startswith("identity/")]
    assert archive.read(proof) == whole_life.ORIGINAL + life.person.name.encode()
    (certificate,) = [name for name in archive.namelist() if name.startswith("certificates/")]
    assert archive.read(certificate).startswith(whole_life.CERTIFICATE)
    assert archive.read(personal_archive.EXPLANATION).decode() == "说明"
    assert archive.testzip() is None


@pytest.mark.parametrize("title", ["../../etc/passwd", "C:\\x", "a/b", "\u202e倒", "。" * 100, "  ", "同名"])
def test_no_title_leads_out_of_the_archive_and_equal_names_stay_apart(life: Life, title: str) -> None:
    with transaction() as session:
        claim = factories.create_claim(session, session.merge(life.person), title=title)
        for content in (b"one", b"two"):
            row = factories.create_evidence(session, claim, file_name="同名.pdf")
            row.original_sha256 = storage.put(content)
    names = [name for name in fetch(permitted(life)).namelist() if name.endswith("同名.pdf")]
    assert len(set(names)) == 2
    assert all(name.count("/") == 2 and ".." not in name and "\\" not in name for name in names)
    assert all(name.isprintable() for name in names)


def test_a_file_that_cannot_be_read_is_named_and_the_others_come(life: Life) -> None:
    with transaction() as session:
        lost = session.scalars(select(Evidence).limit(1)).one()
        lost.original_sha256 = "0" * 64
    archive = fetch(permitted(life))
    assert archive.read(personal_archive.MISSING).decode().endswith(f"/{lost.id} 结业证明.pdf")
    assert len([name for name in archive.namelist() if name.startswith("evidence/")]) == 3


def test_events_tell_what_one_did_and_what_happened_to_what_is_ones_own(life: Life) -> None:
    with transaction() as session:
        reviewer = factories.actor_of(session, life.reviewer)
        record(session, reviewer, "id_number_reveal", life.person)
        strangers = factories.create_claim(session, factories.create_person(session))
        record(session, life.actor, "claim_approve", strangers, before={"name": "别人"}, after={"name": "别人"})
        record(session, reviewer, "claim_return", strangers)
    events = data_of(fetch(permitted(life)))["event"]
    told = {(event["action"], event["actor_name"]): event for event in events}
    revealed = told["id_number_reveal", life.reviewer.display_name]
    assert "address" not in revealed
    assert told["sign_in", life.account.display_name]["address"] == signing_in.ADDRESS
    decided = told["claim_approve", life.account.display_name]
    assert not {"before", "after"} & set(decided)
    assert "claim_return" not in {event["action"] for event in events}
    assert [event["id"] for event in events] == sorted({event["id"] for event in events})


def test_who_is_no_professional_gets_what_there_is_of_his_account() -> None:
    account = signing_in.create_account(Role.ADMINISTRATOR)
    actor = signing_in.actor_of(signing_in.enter())
    personal_archive.permit(transaction, actor, PASSWORD)
    data = data_of(fetch(actor))
    assert [row["id"] for row in data["account"]] == [account.id]
    assert [row["role"] for row in data["account_grant"]] == ["administrator"]
    assert data["person"] == data["claim"] == []


def test_the_archive_is_sent_piece_by_piece(life: Life) -> None:
    size, count = 500_000, 20
    with transaction() as session:
        claim = factories.create_claim(session, session.merge(life.person))
        for number in range(count):
            row = factories.create_evidence(session, claim)
            row.original_sha256 = storage.put(number.to_bytes(1) * size)
    pieces = [len(piece) for piece in personal_archive.stream(contents(life.actor), "")]
    assert sum(pieces) > size * count
    assert max(pieces) < 2 * size


def test_without_the_password_there_is_no_archive(life: Life) -> None:
    assert refused(personal_archive.begin, life.actor) is NotConfirmed
    with pytest.raises(WrongPassword) as refusal:
        personal_archive.permit(transaction, life.actor, "wrong")
    assert isinstance(refusal.value, InvalidField)
    assert last_event().action == "data_export_fail"
    assert refused(personal_archive.begin, life.actor) is NotConfirmed


def test_the_password_opens_it_in_this_browser_for_five_minutes(life: Life) -> None:
    elsewhere = signing_in.actor_of(signing_in.enter())
    with clock.at(NOON):
        personal_archive.permit(transaction, life.actor, PASSWORD)
    with clock.at(NOON + timedelta(minutes=4, seconds=59)):
        assert refused(personal_archive.begin, life.actor) is None
        assert refused(personal_archive.begin, elsewhere) is NotConfirmed
    with clock.at(NOON + timedelta(minutes=5)):
        assert refused(personal_archive.begin, life.actor) is NotConfirmed


def test_guesses_are_counted_together_with_those_at_a_change(life: Life) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            personal_archive.permit(transaction, life.actor, "wrong")
    for _ in range(2):
        with pytest.raises(WrongPassword):
            password_change.change(transaction, life.actor, old="wrong", new="Lanhua-Zk83")
    with pytest.raises(TooManyAttempts):
        personal_archive.permit(transaction, life.actor, PASSWORD)


def test_five_archives_an_hour_are_enough_and_each_is_recorded(life: Life) -> None:
    actor = permitted(life)
    assert [refused(personal_archive.begin, actor) for _ in range(6)] == [None] * 5 + [TooManyAttempts]
    assert signing_in.logged().count("data_export") == 5


@pytest.mark.parametrize("act", [personal_archive.begin, personal_archive.collect])
def test_who_must_change_the_password_first_gets_nothing(life: Life, act: Any) -> None:
    actor = permitted(life)
    with transaction() as session:
        session.get_one(Account, life.account.id).must_change_password = True
    held = signing_in.actor_of(f"{whole_life.TOKEN} {actor.account_id}")
    assert refused(act, held) is PermissionDenied

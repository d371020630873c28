"""The keys of certificates: where they lie, who makes them, and what happens without them."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from db.settings import Settings, settings
from services import proofs, signing, unfinished_files
from services.clock import now
from services.signing import KeysExist, NoSigningKeys, UnfitKeys

pytestmark = pytest.mark.no_database
CONTENT = b"a statement"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation on one machine that has no keys yet."""
    place = tmp_path / "signing"
    monkeypatch.setattr(signing, "settings", lambda: _at(place, "sqlite://"))
    yield place
    signing._load.cache_clear()
    signing._public.cache_clear()


def _at(place: Path, database: str) -> Settings:
    return replace(settings(), signing_dir=place, database_url=database)


def test_the_first_certificate_of_a_pilot_makes_the_keys_for_its_owners_eyes_only(folder: Path) -> None:
    signing.sign_file(bytes(32))
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"ca.pem", "ca.key", "signer.pem", "signer.key", "statement.key", "statement.pub"} == set(modes)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_machines_share_a_database_none_makes_keys_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "settings", lambda: _at(folder, "postgresql://localhost/hourbook"))
    for sign in (signing.sign_file, signing.sign_statement):
        with pytest.raises(NoSigningKeys):
            sign(bytes(32))
    assert not folder.exists()
    signing.create()
    assert signing.sign_statement(CONTENT)


def test_processes_that_start_together_use_the_same_keys(folder: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        signatures = set(threads.map(lambda _: signing.sign_statement(CONTENT), range(16)))
    assert len(signatures) == 1
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_keys_that_a_dead_process_did_not_finish_go_with_the_next_ones(folder: Path) -> None:
    unfinished = folder.parent / f"{unfinished_files.PREFIX}dead"
    unfinished.mkdir()
    (unfinished / "ca.key").touch()
    os.utime(unfinished, ((now() - timedelta(hours=25)).timestamp(),) * 2)
    signing.create()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.usefixtures("folder")
def test_keys_are_never_made_anew_over_old_ones() -> None:
    signing.create()
    before = signing.sign_statement(CONTENT)
    with pytest.raises(KeysExist):
        signing.create()
    signing._load.cache_clear()
    assert signing.sign_statement(CONTENT) == before


def test_what_was_signed_with_earlier_keys_is_still_known(folder: Path) -> None:
    signing.create()
    earlier = signing.sign_statement(CONTENT)
    old = folder.rename(folder.parent / "old")
    signing._load.cache_clear()
    signing.create()
    assert not _known(earlier)
    (folder / "statement-2026.pub").write_bytes((old / "statement.pub").read_bytes())
    assert _known(earlier)


def _known(signature: bytes) -> bool:
    return any(proofs._fits(key, signature, CONTENT) for key in signing.statement_keys())


@pytest.mark.parametrize("name", ["signer.key", "statement.key", "ca.pem"])
@pytest.mark.parametrize("damage", ["gone", "empty"])
def test_damaged_keys_are_said_to_be_damaged(folder: Path, name: str, damage: str) -> None:
    signing.create()
    (folder / name).unlink()
    if damage == "empty":
        (folder / name).touch()
    with pytest.raises(UnfitKeys):
        signing.sign_file(bytes(32))


@pytest.mark.usefixtures("folder")
def test_the_same_content_is_signed_with_the_same_bytes() -> None:
    assert signing.sign_file(bytes(32)) == signing.sign_file(bytes(32))
    assert signing.sign_file(bytes(32)) != signing.sign_file(bytes(31) + b"1")


def test_the_authority_may_sign_certificates_and_the_signer_only_documents(folder: Path) -> None:
    signing.create()
    authority, signer = (
        x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in ("ca.pem", "signer.pem")
    )
    signer.verify_directly_issued_by(authority)
    usages = [one.extensions.get_extension_for_class(x509.KeyUsage).value for one in (authority, signer)]
    assert [usage.key_cert_sign for usage in usages] == [True, False]
    assert [usage.content_commitment for usage in usages] == [False, True]

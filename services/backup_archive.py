"""The file of a backup: a tar, encrypted in the format of age when there is a key; it appears whole or not at all."""

import os
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader, BytesIO
from pathlib import Path

import pyrage

from services.errors import N_, DomainError
from services.unfinished_files import remove_left, unfinished_file

_SEALED = b"age-encryption.org/"


class NotABackupKey(DomainError):
    message = N_("备份密钥不正确。公钥以 age1 开头，私钥文件以 AGE-SECRET-KEY- 开头，可用 create-backup-key 生成。")


class KeyNeeded(DomainError):
    message = N_("该备份已加密，请用 --key 指出私钥文件。")


class BackupDamaged(DomainError):
    message = N_("备份文件不完整或已损坏，或私钥不是该备份的私钥。")


def create_key(path: Path) -> str:
    """Writes a new private key, readable by its owner only, and gives the public one. Raises FileExistsError."""
    identity = pyrage.x25519.Identity.generate()
    remove_left(path.parent)
    with unfinished_file(path.parent) as written:
        written.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
        os.link(written, path)  # a rename would replace another key
    return str(identity.to_public())


@contextmanager
def create(path: Path, public_key: str) -> Iterator[tarfile.TarFile]:
    """Encrypted unless the key is empty, readable by its owner only. Raises NotABackupKey, OSError."""
    recipients = [_recipient(public_key)] if public_key else []
    remove_left(path.parent)
    with unfinished_file(path.parent) as written:
        with written.open("wb") as file:
            with _sealed(file, recipients) as content, tarfile.open(mode="w|", fileobj=content) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        written.rename(path)


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, BytesIO(content))


def read(path: Path, private_key: Path | None) -> Iterator[tuple[str, bytes]]:
    """Names and contents in their order; whoever stops before the end does not know whether all of it is genuine.

    Raises KeyNeeded, NotABackupKey, BackupDamaged, OSError.
    """
    with path.open("rb") as file, _unsealed(file, private_key) as content:
        try:
            with tarfile.open(mode="r|", fileobj=content) as archive:
                for member in archive:
                    yield member.name, _content(archive, member)
            while content.read(1 << 16):  # the padding, so that the last of it is proven too
                pass
        except tarfile.TarError as error:
            raise BackupDamaged from error


def is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SEALED)) == _SEALED


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None:
        raise BackupDamaged
    return file.read()


@contextmanager
def _sealed(file: BufferedIOBase, recipients: list[pyrage.x25519.Recipient]) -> Iterator[BufferedIOBase]:
    if not recipients:
        yield file
        return

    def encrypt(source: BufferedIOBase) -> None:
        pyrage.encrypt_io(source, file, recipients)

    with _through_a_pipe(encrypt, reads=True) as plain:
        yield plain


@contextmanager
def _unsealed(file: BufferedReader, private_key: Path | None) -> Iterator[BufferedIOBase]:
    if not is_encrypted(Path(file.name)):
        yield file
        return
    if private_key is None:
        raise KeyNeeded
    identities = [_identity(private_key)]

    def decrypt(target: BufferedIOBase) -> None:
        try:
            pyrage.decrypt_io(file, target, identities)
        except (OSError, pyrage.DecryptError) as error:
            raise BackupDamaged from error

    with _through_a_pipe(decrypt, reads=False) as plain:
        yield plain


@contextmanager
def _through_a_pipe(work: Callable[[BufferedIOBase], None], *, reads: bool) -> Iterator[BufferedIOBase]:
    """The other end of a pipe at which `work` reads, or writes, in a thread: nothing is ever whole in memory."""
    reader, writer = os.pipe()
    ends: list[BufferedIOBase] = [os.fdopen(reader, "rb"), os.fdopen(writer, "wb")]
    theirs, ours = ends if reads else reversed(ends)

    def run() -> None:
        with theirs:
            work(theirs)

    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(run)
        with ours:
            try:
                yield ours
            except BrokenPipeError:
                done.result()  # says why nobody reads any more, such as a full disk
                raise
        done.result()


def _recipient(public_key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError as error:
        raise NotABackupKey from error


def _identity(path: Path) -> pyrage.x25519.Identity:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0] if lines else "")
    except pyrage.IdentityError as error:
        raise NotABackupKey from error

"""The settings of one installation, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from zoneinfo import ZoneInfo

PREFIX = "HOURBOOK_"
PROJECT = Path(__file__).resolve().parents[1]
SECRET_KEY_LENGTH = 32
LOG_FORMATS = ("text", "json")


class SettingsError(ValueError):
    """The environment asks for something that must not run; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default is described in the README."""

    data_dir: Path
    database_url: str
    storage_url: str
    storage_endpoint: str
    signing_dir: Path
    secret_key: str
    title: str
    issuer: str
    timezone: ZoneInfo
    public_url: str
    test_captcha: str
    clamd_address: str
    backup_key: str
    statistics_hours: int
    require_totp: bool
    trusted_proxies: frozenset[str]
    log_format: str

    @property
    def embedded(self) -> bool:
        """A pilot on one machine, which makes for itself what several would have to share."""
        return self.database_url.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        """Cookies are Secure and `__Host-` named as soon as the public address is TLS."""
        return self.public_url.startswith("https://")


def load(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError for a combination that is unsafe."""

    def value(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name, "").strip() or default

    data_dir = Path(value("DATA_DIR", str(PROJECT / "data")))
    database_url = value("DATABASE_URL", f"sqlite:///{data_dir / 'hourbook.db'}")
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        storage_url=value("STORAGE_URL", (data_dir / "evidence").absolute().as_uri()),
        storage_endpoint=value("STORAGE_ENDPOINT"),
        signing_dir=Path(value("SIGNING_DIR", str(data_dir / "signing"))),
        secret_key=_secret_key(value("SECRET_KEY"), data_dir, embedded=database_url.startswith("sqlite")),
        title=value("TITLE", "学时簿"),
        issuer=value("ISSUER"),
        timezone=ZoneInfo(value("TIMEZONE", "Asia/Shanghai")),
        public_url=value("PUBLIC_URL", "http://localhost:8501").rstrip("/"),
        test_captcha=_test_captcha(value("ENV"), value("TEST_CAPTCHA")),
        clamd_address=value("CLAMD"),
        backup_key=value("BACKUP_KEY"),
        statistics_hours=int(value("STATISTICS_HOURS", "24")),
        require_totp=value("REQUIRE_TOTP") == "1",
        trusted_proxies=frozenset(value("TRUSTED_PROXIES").replace(",", " ").split()),
        log_format=_log_format(value("LOG_FORMAT", "text")),
    )


@cache
def settings() -> Settings:
    return load(os.environ)


def _test_captcha(env: str, answer: str) -> str:
    if (env == "test") != bool(answer):
        raise SettingsError("HOURBOOK_ENV=test and HOURBOOK_TEST_CAPTCHA work only together; set both or neither")
    return answer


def _log_format(given: str) -> str:
    if given not in LOG_FORMATS:
        raise SettingsError(f"HOURBOOK_LOG_FORMAT is one of {', '.join(LOG_FORMATS)}")
    return given


def _secret_key(given: str, data_dir: Path, *, embedded: bool) -> str:
    if given:
        if len(given) < SECRET_KEY_LENGTH:
            raise SettingsError("HOURBOOK_SECRET_KEY needs at least 32 characters")
        return given
    if not embedded:
        raise SettingsError("HOURBOOK_SECRET_KEY must be set when HOURBOOK_DATABASE_URL is, the same on every machine")
    return _kept_key(data_dir / "secret_key")


def _kept_key(path: Path) -> str:
    """The embedded default makes its own key once. A link appears whole or not at all, for two that start together."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent) as file:  # readable by its owner only
            file.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()

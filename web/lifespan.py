"""What a server process does before its first user and besides its users."""

import asyncio
import gc
import importlib
import ipaddress
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import streamlit as st
from streamlit.runtime.metrics_util import Installation

from db import migrate
from db.settings import SettingsError, settings
from services.pdf.certificate import prepare
from web import logs
from web.background import run_jobs

# A browser that comes back to another process empties its page if that says it belongs to another installation, which
# Streamlit would tell from the machine.
INSTALLATION = "hourbook"

logger = logging.getLogger("hourbook.lifespan")

# Loaded while nobody waits, so that the first user of a table, a form or a login page does not pay for them.
# uvloop needs no line: uvicorn takes it by itself as soon as it is installed, and with it TCP_NODELAY, which is worth
# 35 ms of every interaction.
HEAVY_MODULES = ["babel.messages.pofile", "streamlit_authenticator", "pandas", "pyarrow", "streamlit.elements.arrow"]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    logs.keep_clean()
    logs.set_up(settings().log_format)
    Installation.instance().installation_id_v3 = INSTALLATION
    refuse_exposure(st.get_option("server.address"))
    await asyncio.to_thread(migrate.upgrade)
    tasks = [asyncio.create_task(asyncio.to_thread(warm_up)), asyncio.create_task(run_jobs())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def refuse_exposure(address: str | None) -> None:
    """Raises SettingsError when other machines could reach passwords in the clear or a captcha with a known answer."""
    if is_loopback(address):
        return
    if settings().test_captcha:
        raise SettingsError("HOURBOOK_TEST_CAPTCHA works only on 127.0.0.1; set server.address to it")
    if not settings().secure_cookies:
        raise SettingsError(
            "server.address lets other machines in: set HOURBOOK_PUBLIC_URL to the https address under which they "
            "reach the system through a proxy, or keep server.address at 127.0.0.1"
        )


def is_loopback(address: str | None) -> bool:
    if not address:
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def warm_up() -> None:
    """Frozen objects are never walked by the collector again, which is what makes its runs short."""
    with _without_warnings():
        for name in HEAVY_MODULES:
            importlib.import_module(name)
    prepare(issuer=settings().issuer or None)  # the fonts of the certificates
    gc.collect()
    gc.freeze()
    logger.info("warm")


@contextmanager
def _without_warnings() -> Iterator[None]:
    """streamlit-authenticator declares components as it is imported, and Streamlit warns that no page is there."""
    noisy = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = noisy.level
    noisy.setLevel(logging.ERROR)
    try:
        yield
    finally:
        noisy.setLevel(level)

"""What happens when a page breaks: the log gets the facts, the user a number to quote."""

import logging
import re
import secrets
import traceback
from typing import Any

import streamlit as st
from sqlalchemy.exc import OperationalError

from web.i18n import _

logger = logging.getLogger("hourbook.incidents")
# Long digit runs are ID numbers, telephones and cards; a SQL error also quotes the values it was given and their row.
_PERSONAL = re.compile(r"\d{6,}[\dXx]?|\[parameters: .*|DETAIL: .*", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def show_incident(error: Exception) -> bool:
    """Handed to Streamlit as `on_script_error`; True keeps its own display of the exception away."""
    st.error(_explanation(error) % {"number": report(error)}, icon=":material/report:")
    return True


def _explanation(error: Exception) -> str:
    if isinstance(error, OperationalError):  # it may have stored what it could not acknowledge any more
        return _(
            "暂时无法访问数据库，刚才的操作可能没有保存。请稍候刷新页面，核对后再试；"
            "如仍出现，请将编号 %(number)s 告诉系统管理员。"
        )
    return _("页面出现问题，您填写的内容没有保存。请刷新后重试；如仍出现，请将编号 %(number)s 告诉系统管理员。")


def report(error: BaseException) -> str:
    """Log the error without personal data under a new incident number, which is returned."""
    number = secrets.token_hex(4).upper()
    logger.error("incident %s\n%s", number, "".join(_redacted(error)))
    return number


def redact_logs() -> None:
    """From now on no library writes an error into any log as it is; Streamlit does so with each one of a page."""
    make_plain = logging.getLogRecordFactory()

    def make(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make_plain(*arguments, **named)
        if record.exc_info and record.exc_info[1]:
            record.exc_text, record.exc_info = "".join(_redacted(record.exc_info[1])), None
        return record

    logging.setLogRecordFactory(make)


def _redacted(error: BaseException) -> list[str]:
    lines = traceback.format_exception(error)
    return [_ADDRESS.sub("<address>", _PERSONAL.sub("<redacted>", line)) for line in lines]

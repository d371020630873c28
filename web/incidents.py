"""What happens when a page breaks: the log gets the facts, the user a number to quote."""

import logging
import secrets
import string

import streamlit as st
from sqlalchemy.exc import OperationalError

from web.i18n import _
from web.logs import traced

logger = logging.getLogger("hourbook.incidents")
# Letters alone, none that is read as another one: digits in a row are taken out of the log.
LETTERS = "".join(letter for letter in string.ascii_uppercase if letter not in "IO")


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
    number = "".join(secrets.choice(LETTERS) for _place in range(8))
    logger.error("incident %s\n%s", number, traced(error), extra={"incident": number})
    return number

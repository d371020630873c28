"""New passwords are typed twice, under the rule that is written beside them."""

import streamlit as st

from services.errors import N_, InvalidField
from web.command import refuse
from web.i18n import _

RULE = N_(
    "至少15个字符；或至少8个字符，并含大写字母、小写字母、数字、符号中的三类。不要使用用户名、证件号码、手机号码或生日。"
)


def new_password(label: str, key: str) -> str:
    return st.text_input(label, type="password", key=key, max_chars=128, autocomplete="new-password", help=_(RULE))


def repeated_password(label: str, key: str) -> str:
    return st.text_input(label, type="password", key=key, max_chars=128, autocomplete="new-password")


def typed_alike(label: str, password: str, repeated: str) -> bool:
    """Whether both are the same; otherwise the user is told under the label of the second field."""
    if password != repeated:
        refuse(InvalidField(label, N_("两次输入的密码不一致，请重新输入。")))
    return password == repeated

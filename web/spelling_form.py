"""Another spelling for characters of a name that no font has, confirmed by its holder before the certificate."""

import streamlit as st

from db import reading
from services import certificates, spellings
from services.errors import DomainError
from services.permissions import Actor
from services.spellings import NameCannotBePrinted
from web.command import command, refuse
from web.i18n import _
from web.text import escape_markdown

ASKED = "spelling"


def spelling_is_asked() -> bool:
    return ASKED in st.query_params


def ask_for_spelling(refusal: DomainError) -> None:
    """Kept in the address, so that the form is still there when the page is drawn again."""
    if isinstance(refusal, NameCannotBePrinted):
        st.query_params[ASKED] = "1"
        st.rerun()
    refuse(refusal)


def _no_longer() -> None:
    st.query_params.pop(ASKED, None)


def draw_spelling_form(actor: Actor, year: int) -> None:
    with reading() as session:
        characters = certificates.unprintable(session, actor, year)
    with st.form("spelling", width=640):
        st.markdown(
            _(
                "姓名或单位名称中的下列字暂无可用字形，印出来会是空白，因此没有生成证书。"
                "可以填写替代写法（如拼音、异体字或字的组成部分），证书上将注明；也可以联系系统管理员添加字体后再打印。"
            )
        )
        substitutes = {
            character: st.text_input(
                _("%(character)s（%(code)s）的替代写法")
                % {"character": escape_markdown(character), "code": spellings.code_point(character)},
                key=f"spelling_{character}",
                max_chars=spellings.LONGEST,
            ).strip()
            for character in characters
        }
        confirmed = st.checkbox(_("本人确认以上写法，并同意在证书上注明"), key="spelling_confirmed")
        submitted = st.form_submit_button(_("确认并打印证书"), type="primary", icon=":material/print:")
    if submitted:
        with command(_("证书已生成，请打开后打印"), before_redraw=_no_longer) as session:
            certificates.obtain(session, actor, year, substitutes, confirmed=confirmed)

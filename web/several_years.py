"""One document about several years, as an application for a title asks for it."""

from collections.abc import Mapping, Sequence, Set

import streamlit as st

from services import bound_certificates
from services.errors import DomainError
from services.permissions import Actor
from web import bound_certificates_export, transcript_export, years
from web.command import command
from web.download import address
from web.i18n import _, explain


def draw_transcript(counted: Mapping[int, DomainError | None], year: int) -> None:
    """`counted` are the years with counted records, each with what keeps it from being printed."""
    st.header(_("学时明细"), anchor=False)
    printable = [each for each, refusal in counted.items() if refusal is None]
    for refusal in filter(None, counted.values()):
        st.caption(f":material/hourglass_top: {explain(refusal)}")
    if not counted:
        st.caption(_("官方统计计入学时后，可以在这里打印学时明细。"))
    if not printable:
        return
    st.caption(_("列出官方统计计入的每一条记录，合计与官方统计一致，可用于职称申报。"))
    chosen = _choose(printable, [year] if year in printable else printable[:1], key=f"transcript_of_{year}")
    _draw_link(_("打开学时明细（PDF）"), transcript_export.EXPORT, chosen, icon=":material/receipt_long:")


def draw_certificates(actor: Actor, printable: Sequence[int], issued: Set[int]) -> None:
    """`printable` are the years that have a valid certificate, which are `issued`, or can have one now."""
    if len(printable) < 2:
        return
    st.header(_("多个年度的证书"), anchor=False)
    st.caption(_("把所选年度的证书放在一个 PDF 文件中，每页一份，内容与单独打印的相同。还没有打印过的会同时签发。"))
    chosen = _choose(printable, printable, key="bound_years")
    if chosen and issued >= set(chosen):
        _draw_link(_("打开多年证书（PDF）"), bound_certificates_export.EXPORT, chosen, icon=":material/picture_as_pdf:")
    elif st.button(_("合并打印证书"), icon=":material/print:", disabled=not chosen):
        with command(_("证书已生成，请打开后打印")) as session:
            bound_certificates.obtain(session, actor, chosen)


def _choose(offered: Sequence[int], default: Sequence[int], *, key: str) -> Sequence[int]:
    return st.multiselect(
        _("打印的年度"),
        offered,
        default=default,
        key=key,
        select_all=False,
        placeholder=_("请选择"),
        width=420,
    )


def _draw_link(label: str, export: str, chosen: Sequence[int], *, icon: str) -> None:
    st.link_button(label, address(export, **{years.YEARS: years.joined(chosen)}), icon=icon, disabled=not chosen)

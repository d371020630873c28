"""A certificate found by its number, what it says, and the way to take it out of force."""

import streamlit as st

from db import reading
from db.certificates import Certificate, CertificateStatus
from services import certificate_revocation, fields, statements
from services.certificate_revocation import BY_HAND, Found
from services.errors import DomainError
from services.permissions import Actor
from services.rules import plain
from web import filters, pause
from web.as_of import draw_as_of
from web.command import command, refuse
from web.facts import draw_facts, with_label
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time


def draw(actor: Actor) -> None:
    st.caption(_("输入证书编号、验证码或扫码得到的网址，查看本区划签发的证书；内容有误或不应签发的，可以撤销。"))
    filters.draw_text(_("证书编号或验证码"), _("证书编号或验证码"))
    if not (wanted := filters.text()):
        return
    try:
        with reading() as session:
            found = certificate_revocation.find(session, actor, wanted)
    except DomainError as refusal:
        refuse(refusal)
        return
    _draw_certificate(found.certificate)
    if found.certificate.status is CertificateStatus.ISSUED:
        _draw_revocation(actor, found)
    else:
        _draw_end(found.certificate)
    draw_as_of(actor, found.certificate.person_id, found.certificate.year)


def _draw_certificate(certificate: Certificate) -> None:
    said = certificate.statement
    name, year = escape_markdown(said["name"]), _("%(year)s 年度") % {"year": certificate.year}
    st.header(f"{name} · {year} {badge_text(certificate.status)}", anchor=False)
    draw_facts(
        {
            _("证书编号"): certificate.number,
            _("证件号码"): said["id_number_masked"],
            _("工作单位"): said["employer"],
            _("签发日期"): f"{certificate.issued_on:%Y-%m-%d}",
        }
    )
    lines = statements.standings(certificate)
    for column, line in zip(st.columns(len(lines)), lines, strict=True):
        hours = {"earned": plain(line.earned), "required": plain(line.required)}
        column.metric(word(line.category), _("%(earned)s / %(required)s 学时") % hours, border=True)


def _draw_end(certificate: Certificate) -> None:
    if certificate.ended_for is None or certificate.ended_at is None:
        return
    ended = {"time": local_time(certificate.ended_at), "reason": word(certificate.ended_for)}
    st.markdown(_("%(time)s 失效：%(reason)s") % ended)
    if certificate.opinion:
        st.markdown(with_label(_("说明"), escape_markdown(certificate.opinion)))


def _draw_revocation(actor: Actor, found: Found) -> None:
    number = found.certificate.id
    key = f"revoke_certificate_{number}"
    with st.expander(_("撤销证书"), icon=":material/gavel:", key=f"open_{key}"):
        st.markdown(_("撤销后："))
        st.markdown("\n".join(f"- {line}" for line in _consequences(found)))
        with st.form(key, border=False, enter_to_submit=False):
            reason = st.selectbox(
                _("原因"), BY_HAND, None, format_func=word, key=f"reason_{key}", placeholder=_("请选择")
            )
            opinion = st.text_area(
                _("说明"),
                max_chars=fields.LONGEST_TEXT,
                height=100,
                key=f"opinion_{key}",
                placeholder=_("请写明依据和发现的问题。只有持有人会看到，验证页面只显示原因。"),
            )
            confirmed = st.form_submit_button(_("确认撤销证书"), type="primary", disabled=pause.is_on())
        if confirmed:
            with command(_("证书已撤销，持有人会收到提示。"), before_redraw=pause.begin) as session:
                certificate_revocation.revoke(session, actor, number, reason, opinion)


def _consequences(found: Found) -> list[str]:
    printable = _(
        "官方统计仍达到要求，本人可以立即打印新的证书，编号不同。学时本身不真实的，请在“抽查”中撤销学时，证书随之失效。"
    )
    missing = _("官方统计没有达到要求，本人补足学时之前不能打印新的证书。")
    return [
        _("验证这份证书时显示“已撤销，无效”和撤销原因，本人不能再打开或打印它。"),
        printable if found.printable_again else missing,
        _("撤销不能收回。"),
    ]

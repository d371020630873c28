"""The answer to the question whether a certificate is good, in a form that nobody misreads."""

import streamlit as st

from db.certificates import CertificateStatus
from services import clock
from services.proofs import Proof
from services.rules import Standing, plain
from services.verification import Finding
from web.i18n import N_, _
from web.labels import word
from web.text import escape_markdown

VERDICTS = {
    CertificateStatus.ISSUED: (st.success, "verified", N_("证书有效")),
    CertificateStatus.SUPERSEDED: (st.warning, "published_with_changes", N_("证书已换发，此份作废")),
    CertificateStatus.REVOKED: (st.error, "cancel", N_("证书已撤销，无效")),
}
ADVICE = {
    CertificateStatus.ISSUED: N_("请逐项核对纸质或电子证书与下列内容是否一致；不一致的，说明证书被改动过。"),
    CertificateStatus.SUPERSEDED: N_(
        "签发后学时有变更，此份证书不再有效，请要求出示新打印的证书。下列为此份证书原来的内容。"
    ),
    CertificateStatus.REVOKED: N_("此份证书不再有效。下列为此份证书原来的内容。"),
}


def draw_proof(proof: Proof) -> None:
    """What the QR code proves by itself, drawn before the database is asked."""
    st.info(
        _("二维码的数字签名有效，内容未被改动：%(number)s 号证书，%(year)s 年度，%(name)s，%(hours)s。")
        % {
            "number": proof.number,
            "year": proof.year,
            "name": escape_markdown(proof.name_masked),
            "hours": _("，").join(f"{word(line.category)} {_hours(line)}" for line in proof.hours),
        },
        icon=":material/qr_code_scanner:",
    )


def draw_finding(finding: Finding) -> None:
    show, icon, verdict = VERDICTS[finding.status]
    show(f"## {_(verdict)}\n\n{_(ADVICE[finding.status])}", icon=f":material/{icon}:")
    if finding.reason and finding.ended_at:
        ended = {"reason": word(finding.reason), "day": f"{clock.local(finding.ended_at):%Y-%m-%d}"}
        st.markdown(_("原因：%(reason)s（%(day)s）") % ended)
    with st.container(border=True):
        facts = {
            _("姓名"): finding.name_masked,
            _("工作单位"): finding.employer,
            _("年度"): str(finding.year),
            _("证书编号"): finding.number,
            _("签发日期"): f"{finding.issued_on:%Y-%m-%d}",
        } | ({_("备注"): finding.note} if finding.note else {})
        for name, value in facts.items():
            label, content = st.columns([1, 3], wrap=False)
            label.caption(name)
            content.text(value)
    st.caption(_("已完成 / 要求（学时）"))
    for column, line in zip(st.columns(len(finding.hours)), finding.hours, strict=True):
        column.metric(word(line.category), f"{plain(line.earned)} / {plain(line.required)}", border=True)


def _hours(line: Standing) -> str:
    return _("%(earned)s / %(required)s 学时") % {"earned": plain(line.earned), "required": plain(line.required)}

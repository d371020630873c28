"""Taking uploaded evidence in, each file by itself so that a refused one keeps none of the others away; changing it."""

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import transaction
from db.activity_rules import ActivityRule
from db.claims import Claim
from services import evidence, evidence_files
from services.errors import DomainError
from services.evidence_files import StoredFile
from services.permissions import Actor
from web import pause
from web.command import command, refuse, say_when_drawn
from web.facts import with_label
from web.i18n import _, explain
from web.session import current_actor
from web.text import escape_markdown

REFUSALS = "refused_files"
UPLOADS = "uploads"


def draw_needed(rule: ActivityRule | None) -> None:
    """What the rule of the activity asks as evidence."""
    needed = rule.evidence.splitlines() if rule else []
    if not needed:
        return
    lines = "\n".join(f"- {escape_markdown(line)}" for line in needed)
    st.markdown(f"{_('这类活动需要的证明材料：')}\n{lines}")
    if rule and rule.is_example:
        st.caption(_("示例，非广东省官方标准；以主管部门公布的要求为准。"))


def draw_uploader(actor: Actor, claim: Claim) -> int:
    """Returns how many files were chosen and are not uploaded yet."""
    for refusal in st.session_state.pop(REFUSALS, []):
        st.error(refusal, icon=":material/error:")
    # Another key after each upload, which empties the field: a refused file would keep the claim from being sent.
    uploads = st.session_state.get(UPLOADS, 0)
    files = st.file_uploader(
        _("先点击 Upload 选择文件（PDF、JPG、PNG，每个不超过 5 MB，可多选），再点击“附件材料上传”"),
        type=list(evidence_files.KINDS),
        accept_multiple_files=True,
        key=f"files_{claim.id}_{uploads}",
        help=_("可以上传结业证书、学时证明、论文首页等的扫描件或照片，一次可以选择多个文件。"),
    )
    pressed = st.button(
        _("附件材料上传"), icon=":material/upload:", type="primary" if files else "secondary", key=f"upload_{claim.id}"
    )
    if pressed and not files:
        st.warning(_("还没有选择文件，请先点击 Upload 选择。"), icon=":material/info:")
    elif pressed:
        with st.spinner(_("正在检查并上传附件，请稍候…")):
            st.session_state[REFUSALS] = refusals = _attach(actor, claim.id, files)
        st.session_state[UPLOADS] = uploads + 1
        if attached := len(files) - len(refusals):
            say_when_drawn(_("已上传 %(count)s 个附件") % {"count": attached})
        st.rerun()
    return len(files)


def _attach(actor: Actor, claim_id: int, files: Iterable[UploadedFile]) -> list[str]:
    """The refusals, each with its file's name."""
    refusals = []
    for file in files:
        try:
            checked = evidence_files.check(file.name, file.getvalue())
            with transaction() as session:
                evidence.attach(session, actor, claim_id, checked)
        except DomainError as error:
            refusals.append(escape_markdown(with_label(file.name, explain(error))))
    return refusals


def draw_tools(file: StoredFile) -> None:
    """What its owner may do to a file of a draft. Called from a fragment, hence the actor of this very run."""
    resting = pause.is_on()
    _draw_replacement(file)
    if st.button(_("移除"), key=f"remove_{file.id}", type="tertiary", icon=":material/close:", disabled=resting):
        actor = current_actor()
        with command(_("附件已移除"), before_redraw=pause.begin) as session:
            evidence.remove(session, actor, file.id)


def _draw_replacement(file: StoredFile) -> None:
    with st.popover(_("替换"), type="tertiary", icon=":material/swap_horiz:"):
        chosen = st.file_uploader(_("选择新的文件"), type=list(evidence_files.KINDS), key=f"replacement_{file.id}")
        if st.button(_("替换"), key=f"replace_{file.id}", type="primary", disabled=chosen is None) and chosen:
            _replace(file, chosen)


def _replace(file: StoredFile, chosen: UploadedFile) -> None:
    """The old file stays when the new one is refused."""
    try:
        checked = evidence_files.check(chosen.name, chosen.getvalue())
    except DomainError as refusal:
        refuse(refusal)
        return
    actor = current_actor()
    with command(_("附件已替换")) as session:
        evidence.replace(session, actor, file.id, checked)

"""Taking uploaded evidence in: each file by itself, so that a refused one keeps none of the others away."""

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import transaction
from db.claims import Claim
from services import evidence, evidence_files
from services.errors import DomainError
from services.permissions import Actor
from web.command import say_when_drawn
from web.i18n import _, explain
from web.text import escape_markdown

REFUSALS = "refused_files"
UPLOADS = "uploads"


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
            refusals.append(escape_markdown(f"{file.name}：{explain(error)}"))
    return refusals

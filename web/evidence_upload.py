"""Taking uploaded evidence in, and changing it."""

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db.activity_rules import ActivityRule
from db.claims import Claim
from db.files import StoredFile
from services import evidence, evidence_files
from services.errors import DomainError
from services.evidence_files import CheckedFile
from services.permissions import Actor
from web import file_upload, pause
from web.command import command, refuse
from web.i18n import _
from web.session import current_actor
from web.text import escape_markdown
from web.uploads import USUAL_MEGABYTES


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

    def attach(session: Session, file: CheckedFile) -> None:
        evidence.attach(session, actor, claim.id, file)

    return file_upload.draw_uploader(
        str(claim.id),
        attach,
        label=_("先点击 Upload 选择文件（PDF、JPG、PNG，每个不超过 5 MB，可多选），再点击“附件材料上传”"),
        advice=_("可以上传结业证书、学时证明、论文首页等的扫描件或照片，一次可以选择多个文件。"),
        button=_("附件材料上传"),
    )


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
        chosen = st.file_uploader(
            _("选择新的文件"),
            type=list(evidence_files.KINDS),
            max_upload_size=USUAL_MEGABYTES,
            key=f"replacement_{file.id}",
        )
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

"""Everything the system holds about its reader, as a download."""

import streamlit as st

from db import transaction
from services import clock, personal_archive
from services.permissions import Actor
from services.personal_archive import Contents
from web.command import command
from web.i18n import _

ADDRESS = "/exports/own-data"


def file_name(contents: Contents) -> str:
    return _("学时簿个人数据-%(day)s.zip") % {"day": f"{clock.local(contents.made_at):%Y%m%d}"}


def explanation() -> str:
    """What stands in the archive beside the data."""
    return "\n".join(
        (
            _("本压缩包是学时簿系统保存的、与您有关的全部数据。请妥善保管：其中有您的完整证件号码。"),
            _("data.json：全部数据。每一项是系统中的一张表；时间为世界标准时间（UTC），日志（event）按先后排列。"),
            _("evidence：您上传的附件材料原件，按学时记录分文件夹。审核人看到的是去除隐藏内容后的副本，未另附。"),
            _("identity：您申请更正姓名或证件号码时上传的证明材料原件。"),
            _("exemptions：学时减免的证明材料原件。"),
            _("misconduct：已告知您的失信案件中的材料。"),
            _("missing：缺失申报的证明材料原件。"),
            _("certificates：已签发的证书。"),
            _("不包括：密码和验证器密钥，以及他人操作时的网络地址等他人的信息。"),
            _("如有 MISSING.txt，其中列出的文件暂时无法读取，请联系系统管理员。"),
        )
    )


def draw_export(actor: Actor) -> None:
    st.header(_("个人数据"), anchor=False)
    st.caption(
        _("下载系统保存的、与您有关的全部数据和文件（一个压缩包）。其中有您的完整证件号码，请勿在公用电脑上下载。")
    )
    with st.form("export", clear_on_submit=True, width=520):
        password = st.text_input(
            _("密码"), type="password", key="export_password", max_chars=128, autocomplete="current-password"
        )
        submitted = st.form_submit_button(_("导出我的数据"), icon=":material/folder_zip:")
    permitted = False
    if submitted:
        with command(_("密码已确认，请在五分钟内下载。"), stay=True):
            personal_archive.permit(transaction, actor, password)
            permitted = True
    if permitted:
        st.link_button(_("下载压缩包"), ADDRESS, type="primary", icon=":material/download:")

"""A list of staff to be uploaded."""

import streamlit as st

from db.imports import ImportKind
from services import spreadsheets
from services.imports import Upload
from services.permissions import Actor
from web.download import address
from web.file_upload import say_none_chosen
from web.i18n import _
from web.import_check import choose_employer, choose_workbook, look_through


def draw(actor: Actor) -> None:
    st.markdown(
        _(
            "下载模板填写后上传。未注册的人员会建立账号并成为本单位人员；已申请本单位的，导入即确认。"
            "先检查，确认无误后再导入；导入后可以整批撤销。"
        )
    )
    st.link_button(_("下载人员模板"), address("staff-template"), icon=":material/download:")
    employer = choose_employer(actor)
    file = choose_workbook(_("人员名单（.xlsx，不超过 8 MB，最多 50000 行）"))
    # The key keeps it one button: without, the press on one that is about to stand out would be lost.
    pressed = st.button(
        _("检查文件"), icon=":material/rule:", type="primary" if file else "secondary", key="check_staff"
    )
    if pressed and file is None:
        say_none_chosen()
    elif pressed and file is not None:
        name, content = file.name, file.getvalue()
        look_through(actor, lambda: Upload(employer, ImportKind.STAFF, spreadsheets.check(name, content)))

"""The hours of a training of the employer to be uploaded: what it was, what proves it, and who took part."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import reading
from db.claims import ActivityType, Category
from db.imports import ImportKind
from services import evidence_files, hours_import, organisations, requirements, spreadsheets
from services.claim_form import ClaimForm
from services.imports import Upload
from services.permissions import Actor
from web.download import address
from web.file_upload import choose_files, say_none_chosen
from web.i18n import _
from web.import_check import choose_employer, choose_workbook, look_through
from web.labels import word


class Filled(NamedTuple):
    """What the form holds when its button is pressed."""

    training: ClaimForm
    workbook: UploadedFile | None
    proof: Sequence[UploadedFile]
    attested: bool


def draw(actor: Actor) -> None:
    st.markdown(
        _(
            "填写本单位举办的培训，上传签到表或通知等证明材料，再上传参加人员和学时的名单。"
            "导入后由主管部门认定，认定后才计入学时。"
        )
    )
    st.link_button(_("下载学时模板"), address("hours-template"), icon=":material/download:")
    employer = choose_employer(actor)
    with st.form("training", enter_to_submit=False):
        filled = _draw_fields(actor, employer)
        pressed = st.form_submit_button(_("检查文件"), icon=":material/rule:")
    workbook = filled.workbook
    if pressed and workbook is None:
        say_none_chosen()
    elif pressed and workbook is not None:
        look_through(actor, lambda: _upload(employer, filled, workbook))


def _draw_fields(actor: Actor, employer: int) -> Filled:
    training = _draw_training(actor, employer)
    proof = choose_files("training_proof", _("证明材料（签到表、通知等，PDF、JPG、PNG，每个不超过 5 MB，可多选）"))
    workbook = choose_workbook(_("参加人员和学时（.xlsx，不超过 8 MB）"))
    attested = st.checkbox(_("承诺以上内容和名单真实，并愿意承担相应责任"), key="training_attested")
    return Filled(training, workbook, proof, attested)


def _draw_training(actor: Actor, employer: int) -> ClaimForm:
    with reading() as session:
        years = [window.year for window in requirements.list_open_years(session)]
        names = {organisation.id: organisation.name for organisation in organisations.list_own(session, actor)}
    left, right = st.columns(2)
    year = left.selectbox(_("年度"), years, index=None, key="training_year", placeholder=_("请选择"))
    category = right.selectbox(
        _("学时类别"),
        list(Category),
        index=None,
        format_func=word,
        key="training_category",
        placeholder=_("请选择"),
    )
    left, right = st.columns(2)
    title = left.text_input(_("活动名称"), key="training_title", placeholder=_("与证明材料上的名称一致"))
    place = right.text_input(_("地点（选填）"), key="training_place", placeholder=_("如：广州；线上学习请填“线上”"))
    left, right = st.columns(2)
    start = left.date_input(_("开始日期"), None, key="training_start", format="YYYY-MM-DD")
    end = right.date_input(_("结束日期"), None, key="training_end", format="YYYY-MM-DD")
    return ClaimForm(year, category, ActivityType.TRAINING, title, names[employer], place, start, end, "")


def _upload(employer: int, filled: Filled, workbook: UploadedFile) -> Upload:
    """The files are looked at before anything is kept."""
    with reading() as session:
        training = hours_import.training_of(session, filled.training, attested=filled.attested)
    proof = [evidence_files.check(file.name, file.getvalue()) for file in filled.proof]
    sheet = spreadsheets.check(workbook.name, workbook.getvalue())
    return Upload(employer, ImportKind.HOURS, sheet, training, proof)

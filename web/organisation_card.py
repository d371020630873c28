"""One's own organisation: where its registration stands, and the form to correct what was sent back."""

import streamlit as st

from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import divisions, organisations
from services.permissions import Actor
from web.command import command
from web.i18n import _
from web.labels import badge_text
from web.organisation_view import code, draw_application, draw_facts, draw_opinion
from web.text import escape_markdown


def draw_organisation(actor: Actor, organisation: Organisation) -> None:
    with st.container(border=True):
        st.header(f"{escape_markdown(organisation.name)} {badge_text(organisation.status)}", anchor=False)
        if organisation.status is OrganisationStatus.RETURNED:
            _draw_correction(actor, organisation)
            return
        if organisation.status is OrganisationStatus.APPLIED:
            _draw_waiting(organisation)
        if organisation.status is OrganisationStatus.SUSPENDED:
            _draw_suspension(organisation)
        if organisation.merged_into:
            _draw_merger(organisation.merged_into)
        draw_facts(organisation)
        if organisation.kind is OrganisationKind.EMPLOYER and organisation.status is OrganisationStatus.APPROVED:
            st.caption(_("员工在自己的申请和待审核学时中看到的，就是上面的联系人和联系电话。"))


def _draw_waiting(organisation: Organisation) -> None:
    st.info(
        _("注册申请正在等待%(division)s的主管部门审核，通过后才能开展业务。久未审核时，请直接与该主管部门联系。")
        % {"division": divisions.name(organisation.division)},
        icon=":material/hourglass_top:",
    )


def _draw_suspension(organisation: Organisation) -> None:
    draw_opinion(organisation)
    st.error(
        _("本单位已被停用，暂时不能办理任何业务。员工送审的学时原样保留，恢复后继续。请与%(division)s的主管部门联系。")
        % {"division": divisions.name(organisation.division)},
        icon=":material/block:",
    )


def _draw_merger(kept: Organisation) -> None:
    st.info(
        _("本单位已并入“%(name)s”（%(uscc)s），人员和待审核的学时由该单位继续办理。")
        % {"name": escape_markdown(kept.name), "uscc": escape_markdown(code(kept))},
        icon=":material/merge:",
    )


def _draw_correction(actor: Actor, organisation: Organisation) -> None:
    draw_opinion(organisation)
    st.markdown(_("请按审核意见更正后重新提交。统一社会信用代码和单位类型不能更改。"))
    key = f"own_{organisation.id}_{organisation.version}"
    application = draw_application(key, organisation)
    if st.button(_("重新提交"), type="primary", key=f"{key}_submit"):
        with command(_("已重新提交，等待主管部门审核。")) as session:
            organisations.resubmit(session, actor, organisation.id, application)

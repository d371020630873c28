"""An organisation as its supervisor and its own administrator see it."""

import streamlit as st

from db.organisations import Organisation, OrganisationKind
from services import divisions
from services.organisation_form import Application
from web.division_field import choose_division
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time


def code(organisation: Organisation) -> str:
    """What stands where others have their code; a holding employer has none."""
    return organisation.uscc or _("代管单位")


def row(organisation: Organisation) -> dict[str, object]:
    """One line of the list."""
    return {
        _("单位名称"): organisation.name,
        _("单位类型"): word(organisation.kind),
        _("行政区划"): divisions.name(organisation.division),
        _("统一社会信用代码"): code(organisation),
        _("申请时间"): local_time(organisation.applied_at),
    }


def draw_facts(organisation: Organisation) -> None:
    st.table(
        {
            _("统一社会信用代码"): escape_markdown(code(organisation)),
            _("单位类型"): word(organisation.kind),
            _("行政区划"): divisions.name(organisation.division),
            _("联系人"): escape_markdown(organisation.contact_name),
            _("联系电话"): escape_markdown(organisation.contact_phone),
            _("申请时间"): local_time(organisation.applied_at),
        }
        | _merger(organisation),
        border="horizontal",
        width="content",
    )


def _merger(organisation: Organisation) -> dict[str, str]:
    kept = organisation.merged_into
    return {_("已并入"): escape_markdown(f"{kept.name} {code(kept)}")} if kept else {}


def draw_opinion(organisation: Organisation) -> None:
    if organisation.opinion and organisation.decided_at:
        st.warning(
            escape_markdown(organisation.opinion),
            title=_("%(time)s 审核意见") % {"time": local_time(organisation.decided_at)},
            icon=":material/rate_review:",
        )


def draw_application(key: str, earlier: Organisation | None = None) -> Application:
    """The fields of an application; code and kind of an earlier one stay as they are."""
    left, right = st.columns(2)
    with left:
        uscc = _draw_uscc(key, earlier)
    with right:
        kind = _draw_kind(key, earlier)
    name = st.text_input(
        _("单位名称"),
        earlier.name if earlier else "",
        key=f"{key}_name",
        max_chars=100,
        autocomplete="organization",
        on_change="ignore",
        placeholder=_("与营业执照或法人证书一致的全称"),
    )
    st.caption(_("行政区划"))
    division = draw_division(key, earlier)
    contact, phone = draw_contact(key, earlier)
    return Application(uscc, name, division, kind, contact, phone)


def _draw_uscc(key: str, earlier: Organisation | None) -> str:
    return st.text_input(
        _("统一社会信用代码"),
        code(earlier) if earlier else "",
        key=f"{key}_uscc",
        max_chars=18,
        autocomplete="off",
        disabled=earlier is not None,
        on_change="ignore",
        placeholder=_("营业执照或法人证书上的18位代码"),
    )


def draw_contact(key: str, earlier: Organisation | None) -> tuple[str, str]:
    left, right = st.columns(2)
    contact = left.text_input(
        _("联系人"),
        earlier.contact_name if earlier else "",
        key=f"{key}_contact",
        max_chars=50,
        autocomplete="name",
        on_change="ignore",
    )
    phone = right.text_input(
        _("联系电话"),
        earlier.contact_phone if earlier else "",
        key=f"{key}_phone",
        max_chars=20,
        autocomplete="tel",
        on_change="ignore",
        placeholder=_("员工在待审核的学时中会看到"),
    )
    return contact, phone


def _draw_kind(key: str, earlier: Organisation | None) -> OrganisationKind:
    kinds = list(OrganisationKind)
    return st.radio(
        _("单位类型"),
        kinds,
        index=kinds.index(earlier.kind) if earlier else 0,
        format_func=word,
        key=f"{key}_kind",
        horizontal=True,
        disabled=earlier is not None,
        on_change="ignore",
    )


def draw_division(key: str, earlier: Organisation | None) -> str:
    """An earlier division holds until another one is chosen."""
    chosen = choose_division(f"{key}_division")
    if earlier is None or chosen:
        return chosen
    st.caption(_("现为 %(division)s；不选择则保持不变。") % {"division": divisions.name(earlier.division)})
    return earlier.division

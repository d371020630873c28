import streamlit as st

from db import reading
from services import closing, sessions
from web.account_closing import draw_closing
from web.command import command
from web.devices import device_name
from web.i18n import _
from web.navigation import link
from web.own_archive import draw_export
from web.session import current_actor
from web.times import local_time

actor = current_actor()
with reading() as session:
    devices = sessions.list_sessions(session, actor)
    outlook = closing.outlook(session, actor)

st.header(_("已登录的设备"), anchor=False)
st.caption(_("如有不认识的设备，请让它退出并立即修改密码。"))

for device in devices:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None):
            st.markdown(f"**{device_name(device.device)}**")
            st.caption(
                _("登录于 %(since)s · 最近使用 %(seen)s · 网络地址 %(address)s")
                % {
                    "since": local_time(device.created_at),
                    "seen": local_time(device.last_seen_at),
                    "address": device.address or "—",
                }
            )
        if device.current:
            st.badge(_("本设备"), color="green")
        elif st.button(_("退出该设备"), key=f"end_{device.session_id}"):
            with command(_("该设备已退出。")) as session:
                sessions.end_session(session, actor, device.session_id)

if st.button(_("退出其他设备"), type="primary", icon=":material/devices_off:", disabled=len(devices) < 2):
    with command(_("其他设备已全部退出。")) as session:
        sessions.sign_out_others(session, actor)

link("account/password")
# A place for each, so that what appears in the one does not fold up the other.
with st.container():
    draw_export(actor)
with st.container():
    draw_closing(actor, outlook)

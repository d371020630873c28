"""Which place and year are shown, and the ways up and down for those who do not click into charts."""

from collections.abc import Sequence

import streamlit as st

from services import divisions
from services.dashboards import Overview, Row
from services.permissions import Actor
from web import filters
from web.dashboard_figures import met_rate, shown
from web.dashboard_reading import DIVISION, EMPLOYER, YEAR, place_of
from web.i18n import _
from web.text import escape_markdown

FEW = 24
NARROWEST = 220  # pixels


def open_place(kind: str, which: str) -> None:
    """The same year of another place; for callbacks."""
    filters.show(**{DIVISION: "", EMPLOYER: "", kind: which})


def open_own() -> None:
    filters.show(**{DIVISION: "", EMPLOYER: ""})


def name_of(overview: Overview) -> str:
    return overview.name if overview.organisation_id else divisions.name(overview.code)


def draw_path(actor: Actor, overview: Overview) -> None:
    """From the highest division that the reader supervises down to the place, and his other divisions."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for code, name in overview.path:
            _draw_way((DIVISION, code), name, "arrow_upward")
            st.caption("›", width="content")
        st.markdown(f"**{escape_markdown(overview.name)}**", width="content")
        for code in _elsewhere(actor, overview):
            _draw_way((DIVISION, code), divisions.name(code), "swap_horiz")


def _elsewhere(actor: Actor, overview: Overview) -> Sequence[str]:
    """The reader's divisions that the place is not in."""
    above = {*(code for code, _name in overview.path), overview.code}
    return [code for code in actor.divisions if code not in above]


def draw_year(years: Sequence[int], chosen: int) -> None:
    words = {str(year): _("%(year)s 年度") % {"year": year} for year in years}
    filters.draw_choice(YEAR, _("年度"), words, str(chosen))


def draw_below(rows: Sequence[Row]) -> None:
    """The same places as in the chart, as buttons that the keyboard reaches."""
    title = _("进入下级地区或单位（%(count)s）") % {"count": len(rows)}
    unfolded = st.expander(title, icon=":material/account_tree:", expanded=len(rows) <= FEW)
    with unfolded, st.grid(min_column_width=NARROWEST, gap="xsmall"):
        for row in rows:
            icon = "apartment" if row.organisation_id else "location_city"
            _draw_way(place_of(row), f"{row.name} {shown(met_rate(row.figures), percent=True)}", icon)


def draw_own() -> None:
    st.button(_("回到自己管理的地区"), icon=":material/undo:", on_click=open_own)


def _draw_way(place: tuple[str, str], name: str, icon: str) -> None:
    """A button, because after a link to the page that is already open the browser keeps the old address."""
    key = "_".join(("place", *place))
    st.button(
        escape_markdown(name), key=key, icon=f":material/{icon}:", type="tertiary", on_click=open_place, args=place
    )

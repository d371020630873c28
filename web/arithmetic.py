"""The sums that limit a claim's hours, in the same words for whoever types, is refused, or decides."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from services import conversion
from services.conversion import Limit
from services.rules import plain
from web.i18n import _, say


def draw_limits(limits: Sequence[Limit], hours: Decimal | None) -> None:
    """Draws nothing where nothing can be reckoned."""
    if not limits:
        return
    sums, most = conversion.summed_up(limits), conversion.most(limits)
    text = _("%(sums)s。最多可申报 %(most)s 学时") % {"sums": say(sums.message, sums.params), "most": plain(most)}
    if hours is not None and hours > most:
        st.warning(_("%(text)s，现在填写的超出了。") % {"text": text}, icon=":material/calculate:")
    else:
        st.caption(f":material/calculate: {text}")

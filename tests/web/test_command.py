"""What becomes of a page after a change is stored, however impatient its user is."""

from streamlit.testing.v1 import AppTest

from web.command import DONE

INTERRUPTED, NOTED = "interrupted", "noted"


def page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, RerunException

    from web.command import announce, command

    def note() -> None:
        """As when a second click comes in between."""
        if not st.session_state.get("interrupted"):
            st.session_state["interrupted"] = True
            raise RerunException(RerunData())
        st.session_state["noted"] = True

    announce()
    if st.button("保存"):
        with command("已保存", before_redraw=note):
            pass


def test_a_second_click_does_not_take_away_what_follows_the_first() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert INTERRUPTED in app.session_state
    assert NOTED in app.session_state
    assert DONE not in app.session_state
    assert app.toast[0].value == "已保存"

"""Sending the browser to another address: the one call of Streamlit's that is not public.

Streamlit's own `st.login` does the same. A browser test fails when an upgrade changes it.
"""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx


def redirect(url: str) -> None:
    """`url` is a path of this installation; the script goes on until it ends or stops."""
    context = get_script_run_ctx()
    if context is None:
        return
    message = ForwardMsg()
    message.auth_redirect.url = url
    context.enqueue(message)

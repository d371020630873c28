"""A picture of five characters that a person can read; its answer is good for one try within five minutes.

The answer lies encrypted in `session_state`, which never leaves the server, under the key and in the form that
streamlit-authenticator looks for: its login form then draws our answer instead of making one of its own.
"""

import secrets
from datetime import datetime, timedelta

import streamlit as st
from captcha.image import ImageCaptcha
from streamlit_authenticator.utilities import Encryptor  # type: ignore[import-untyped]  # comes without types

from db.settings import settings
from services.clock import now
from web.i18n import N_, _

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 5
LIFE = timedelta(minutes=5)
REFUSAL = N_("验证码不正确或已过期，请按新的图片重新输入。")


def state_key(form: str) -> str:
    return f"{form}_captcha"


def prepare(form: str) -> str:
    """Make sure there is a fresh answer to draw; returns it."""
    stored = _stored(form)
    if stored is None or _is_old(form):
        stored = settings().test_captcha or "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        st.session_state[state_key(form)] = _encryptor().encrypt(stored)
        st.session_state[_time_key(form)] = now().isoformat()
        st.session_state[_serial_key(form)] = serial(form) + 1
    return stored


def serial(form: str) -> int:
    """Counts the pictures of a form, so that a new one can have a new, empty field."""
    return int(st.session_state.get(_serial_key(form), 0))


def draw(form: str) -> None:
    """The field 验证码 with its picture, empty again for every new picture."""
    image = ImageCaptcha(width=180, height=64).generate(prepare(form)).getvalue()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("验证码"), key=f"{form}_answer_{serial(form)}", max_chars=LENGTH, autocomplete="off", width=220)
        st.image(image, alt=_("验证码图片"))


def passed(form: str) -> bool:
    """Whether what was typed into the field of `draw` was right; asked before the form is drawn again."""
    return consume(form, st.session_state.get(f"{form}_answer_{serial(form)}", ""))


def refuse() -> None:
    st.error(_(REFUSAL), icon=":material/error:")


def consume(form: str, entered: str) -> bool:
    """Whether the answer was right; it is used up either way."""
    stored, too_late = _stored(form), _is_old(form)
    st.session_state.pop(state_key(form), None)
    st.session_state.pop(_time_key(form), None)
    return stored is not None and not too_late and secrets.compare_digest(_plain(stored), _plain(entered))


def _stored(form: str) -> str | None:
    sealed = st.session_state.get(state_key(form))
    return str(_encryptor().decrypt(sealed)) if sealed else None


def _is_old(form: str) -> bool:
    drawn = st.session_state.get(_time_key(form))
    return drawn is None or now() - datetime.fromisoformat(drawn) > LIFE


def _time_key(form: str) -> str:
    return f"{form}_captcha_drawn"


def _serial_key(form: str) -> str:
    return f"{form}_captcha_serial"


def _plain(answer: str) -> bytes:
    return answer.strip().upper().encode()


def _encryptor() -> Encryptor:
    return Encryptor(settings().secret_key)

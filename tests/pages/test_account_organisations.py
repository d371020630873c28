"""An employer asks to be admitted."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.organisations import Organisation, OrganisationStatus
from services import resemblances
from tests import factories
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said
from web import captchas

PAGE = "account/organisations"
TYPED = {
    "统一社会信用代码": factories.invented_uscc(),
    "单位名称": "珠江勘测院",
    "联系人": "许望舒",
    "联系电话": "020-81234567",
    "用户名": "zhujiang",
    "密码": "Kanchayuan-2026",
    "确认密码": "Kanchayuan-2026",
    "验证码": "RIGHT",
}


@pytest.fixture(autouse=True)
def _known_captcha(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captchas, "consume", lambda _form, entered: entered == "RIGHT")


def submit(app: AppTest, **changes: str) -> AppTest:
    for code in ("440000", "440100", "440104"):
        app.selectbox[-1].select(code).run()
    for field in app.text_input:
        field.set_value({**TYPED, **changes}[field.label])
    return button(app, "提交注册").click().run()


def test_an_application_is_stored_and_says_what_happens_next(open_page: OpenPage) -> None:
    app = submit(open_page(PAGE, None))
    assert "主管部门审核" in app.success[0].value
    assert "登录后可以看到审核结果" in said(app)
    with reading() as session:
        stored = session.scalars(select(Organisation)).one()
    assert (stored.name, stored.division, stored.status) == ("珠江勘测院", "440104", OrganisationStatus.APPLIED)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"验证码": "WRONG"}, "验证码不正确"),
        ({"统一社会信用代码": "914401040000000000"}, "校验位"),
        ({"单位名称": " "}, "单位名称：请填写"),
        ({"联系电话": "电话"}, "联系电话"),
        ({"确认密码": "Kanchayuan-2027"}, "不一致"),
        ({"密码": "short", "确认密码": "short"}, "密码"),
    ],
)
def test_a_refusal_names_the_field_and_loses_nothing(open_page: OpenPage, changes: dict[str, str], reason: str) -> None:
    app = submit(open_page(PAGE, None), **changes)
    assert reason in app.error[0].value.replace("\\", "")
    kept = {field.label: field.value for field in app.text_input if field.label != "验证码"}
    assert kept == {label: text for label, text in {**TYPED, **changes}.items() if label != "验证码"}
    assert app.selectbox[-1].value == "440104"
    with reading() as session:
        assert session.scalars(select(Organisation)).all() == []


def test_a_code_that_is_registered_is_refused(open_page: OpenPage) -> None:
    with transaction() as session:
        registered = factories.create_employer(session)
    app = submit(open_page(PAGE, None), 统一社会信用代码=str(registered.uscc))
    assert "已经注册" in app.error[0].value


@pytest.fixture
def known() -> Organisation:
    with transaction() as session:
        known = factories.create_employer(session, name="广州珠江勘测院")
        resemblances.note(session, known)
        return known


def test_a_similar_name_is_shown_and_asked_about_before_anything_is_stored(
    open_page: OpenPage, known: Organisation
) -> None:
    app = submit(open_page(PAGE, None))
    assert "广州珠江勘测院" in app.warning[0].value
    assert known.contact_phone not in said(app).replace("\\", "")
    assert next(field.value for field in app.text_input if field.label == "用户名") == "zhujiang"
    next(field for field in app.text_input if field.label == "验证码").set_value("RIGHT")
    button(app, "提交注册").click().run()
    assert "广州珠江勘测院" in app.warning[0].value
    assert "请勾选" in app.error[0].value
    app.checkbox[0].check()
    next(field for field in app.text_input if field.label == "验证码").set_value("RIGHT")
    button(app, "提交注册").click().run()
    assert "主管部门审核" in app.success[0].value
    with reading() as session:
        assert len(session.scalars(select(Organisation)).all()) == 2


def test_the_tick_is_for_what_was_shown_and_not_for_another_name(open_page: OpenPage, known: Organisation) -> None:
    with transaction() as session:
        resemblances.note(session, factories.create_employer(session, name="晴川桥隧设计院"))
    app = submit(open_page(PAGE, None))
    app.checkbox[0].check()
    next(field for field in app.text_input if field.label == "单位名称").set_value("晴川桥隧设计研究院")
    next(field for field in app.text_input if field.label == "验证码").set_value("RIGHT")
    button(app, "提交注册").click().run()
    assert "晴川桥隧设计院" in app.warning[0].value
    assert not app.checkbox[0].value
    assert not app.success

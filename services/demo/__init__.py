"""The demo pilot: whether this database is one, and who can be tried out in it."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.installation import Demo
from services.errors import N_

PASSWORD = "Pilot-2026"  # noqa: S105  # public: it opens nothing but invented data
ACCOUNTS = {
    "professional": N_("专业技术人员"),
    "newcomer": N_("新注册，须先修改密码"),
    "employer": N_("法人单位"),
    "provider": N_("施教机构"),
    "supervisor": N_("主管部门"),
    "analyst": N_("数据分析员"),
    "administrator": N_("系统管理员"),
}


def is_demo(session: Session) -> bool:
    """Whether the demo pilot was loaded into this database."""
    return bool(session.scalar(select(exists(select(Demo)))))

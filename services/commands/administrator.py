"""`create-admin`: the first account of an installation, or a new one when all others are locked out."""

from argparse import Namespace

from db import migrate, transaction
from services import accounts
from services.commands.command import Command


def run(arguments: Namespace) -> None:
    migrate.upgrade()
    with transaction() as session:
        password = accounts.create_first_administrator(session, arguments.username)
    print(f"系统管理员 {arguments.username} 的一次性密码（只显示这一次，首次登录须修改）：{password}")


COMMAND = Command(
    "create-admin",
    "create an administrator and print the one-time password once",
    run,
    {"username": "4 to 32 lower-case letters, digits, dots, hyphens or underscores"},
)

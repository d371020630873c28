"""`create-ca` and `verify-certificate`: the keys of certificates, and a check of a print that asks no database."""

from argparse import Namespace

from services import signing, verification
from services.certificate_authority import AUTHORITY, AUTHORITY_KEY, STATEMENT_PUBLIC
from services.commands.command import Command, CommandFailed
from services.pdf.page import CATEGORIES
from services.rules import Standing, plain


def create(_arguments: Namespace) -> None:
    folder = signing.create()
    print(f"证书签名密钥已生成：{folder}")
    print(f"{AUTHORITY} 是根证书，供核验 PDF 签名的人信任；{STATEMENT_PUBLIC} 是核验二维码的公钥；二者可以公开。")
    print(f"其余文件须保密并备份。{AUTHORITY_KEY} 平时用不到，请移到离线处保存。")


def verify(arguments: Namespace) -> None:
    if not signing.statement_keys():
        raise CommandFailed(f"没有公钥：请把系统的 {STATEMENT_PUBLIC} 放入 HOURBOOK_SIGNING_DIR 所指的文件夹。")
    proof = verification.offline(arguments.text)
    if proof is None:
        raise CommandFailed("这不是二维码的内容。请用扫码工具读出二维码，把读到的网址放在引号中。")
    print("二维码的数字签名有效，内容未被改动。请与证书逐项核对：")
    print(f"  证书编号 {proof.number}")
    print(f"  年度     {proof.year}")
    print(f"  姓名     {proof.name_masked}")
    for name, line in zip(CATEGORIES, proof.hours, strict=True):
        print(f"  {name} {_hours(line)}")
    print(f"  签发日期 {proof.issued_on}")
    print("证书此后是否被撤销或换发，请联网在“证书验证”中查询。")


def _hours(line: Standing) -> str:
    return f"完成 {plain(line.earned)} / 规定 {plain(line.required)} 学时"


CREATE = Command("create-ca", "make the keys that sign certificates, once, and say where they lie", create)
VERIFY = Command(
    "verify-certificate",
    "check what a certificate's QR code says, without the database",
    verify,
    {"text": "what a scanner reads from the QR code"},
)

"""Certificates as they are issued: signed with the keys of the test run."""

from services import signing
from services.pdf import certificate
from services.pdf.statement import Statement


def render(statement: Statement) -> bytes:
    return certificate.render(statement, signing.sign_file)

"""The evidence of the demo's claims, drawn here and therefore let in without being taken apart and rewritten."""

import hashlib
from datetime import date
from functools import lru_cache
from zlib import crc32

from services.claim_form import ClaimForm
from services.demo.sample_files import certificate_scan
from services.evidence_files import CheckedFile

WHOLE_CLASS = "全体学员"
CLASSES = 100


def own_certificate(name: str, form: ClaimForm, day: date) -> CheckedFile:
    return _scan("结业证书.pdf", form.title, name, form.organiser, day)


def class_certificate(form: ClaimForm, day: date) -> CheckedFile:
    """One for all who were there: drawing costs more than everything else about a claim."""
    return _of_class(form.title, form.organiser, day)


@lru_cache(CLASSES)
def _of_class(title: str, organiser: str, day: date) -> CheckedFile:
    return _scan("培训班结业证明.pdf", title, WHOLE_CLASS, organiser, day)


def _scan(file_name: str, title: str, name: str, organiser: str, day: date) -> CheckedFile:
    content = certificate_scan(title, name, organiser, day, crc32(f"{title}{name}{day}".encode()))
    sha256 = hashlib.sha256(content).hexdigest()
    return CheckedFile(file_name, "application/pdf", content, content, sha256, sha256)

"""Files that have passed the checks, made up."""

import hashlib

from services.evidence_files import CheckedFile


def checked_file(content: bytes = b"%PDF-1", name: str = "证明.pdf") -> CheckedFile:
    digest = hashlib.sha256(content).hexdigest()
    return CheckedFile(
        file_name=name,
        media_type="application/pdf",
        clean=content,
        original=content,
        sha256=digest,
        original_sha256=digest,
    )

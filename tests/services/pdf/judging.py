"""What other programs say of a file: poppler and pyHanko of its signature, qpdf of its syntax and structure."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services import signing


def pdfsig(content: bytes, folder: Path) -> str:
    path = folder / "judged.pdf"
    path.write_bytes(content)
    command = [shutil.which("pdfsig") or "pdfsig", "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def judged(content: bytes) -> Any:
    """Of the only signature of a file."""
    root = load_cert_from_pemder(signing.authority())  # type: ignore[no-untyped-call]  # pyHanko's types are partial
    trusted = ValidationContext(trust_roots=[root], allow_fetching=False)
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    # pyHanko starts an event loop, and the thread of a process that once had a browser already runs one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, signature, trusted).result()


def faults(content: bytes) -> list[str]:
    """What is wrong with the file, and each mark or annotation of a page that the structure leaves out."""
    with pikepdf.open(BytesIO(content)) as document:
        found = [str(problem) for problem in document.check_pdf_syntax()]
        tree = dict(_leaves(document.Root.StructTreeRoot.ParentTree))
        for number, page in enumerate(document.pages, start=1):
            marks = [each for each in pikepdf.parse_content_stream(page) if str(each.operator) == "BDC"]
            if len(tree[int(page.StructParents)]) != len(marks) or any(
                each.Pg != page.obj for each in tree[int(page.StructParents)]
            ):
                found.append(f"page {number}: not every mark is in the structure")
            for annotation in page.get("/Annots", []):
                roles = [
                    str(kid.Type) for kid in tree[int(annotation.StructParent)].K if isinstance(kid, pikepdf.Dictionary)
                ]
                if roles != ["/OBJR"]:
                    found.append(f"page {number}: an annotation is not in the structure")
    return found


def _leaves(node: Any) -> list[tuple[int, Any]]:
    if "/Kids" in node:
        return [entry for kid in node.Kids for entry in _leaves(kid)]
    numbers = list(node.Nums)
    return [(int(key), value) for key, value in zip(numbers[::2], numbers[1::2], strict=True)]

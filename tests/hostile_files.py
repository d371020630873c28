"""Files that an attacker, a broken scanner or a hurried user would upload."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

EXECUTABLE = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode."
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PHP = b"<?php system($_GET['command']); ?>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRET = b"secret-payload"


def pdf(pages: int = 1, text: str = "Certificate of training") -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=20)
    for number in range(pages):
        document.add_page()
        document.cell(text=f"{text}, page {number + 1}")
    return bytes(document.output())


def armed_pdf() -> bytes:
    """Everything that can act, hide or lead away, in one document, and a zip behind it."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        script = Dictionary(S=Name.JavaScript, JS=SECRET)
        document.Root.OpenAction = script
        document.Root.AA = Dictionary(WC=Dictionary(S=Name.Launch, F=SECRET))
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([b"run", script])))
        document.attachments["setup.exe"] = EXECUTABLE + SECRET
        document.docinfo["/Author"] = SECRET.decode()
        _arm_page(document, document.pages[0])
        return _saved(document) + _zip()


def _arm_page(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=SECRET))
    page.obj.PieceInfo = Dictionary(Program=Dictionary(Private=SECRET))
    page.obj.Annots = Array(
        [
            _annotation("/Link", A=Dictionary(S=Name.URI, URI=b"https://example.invalid/" + SECRET)),
            _annotation("/Link", A=Dictionary(S=Name.Launch, F=SECRET)),
            _annotation("/FileAttachment", FS=_file_specification(document)),
        ]
    )
    page.obj.Resources.Properties = Dictionary(Hidden=_file_specification(document))
    font = next(iter(page.obj.Resources.Font.values()))
    font.Hidden = document.make_indirect(Dictionary(S=Name.JavaScript, JS=SECRET))
    font.List = Array([Dictionary(S=Name.SubmitForm, F=SECRET)])


def _annotation(subtype: str, **entries: Any) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=Array([0, 0, 99, 99]), **entries)


def _file_specification(document: pikepdf.Pdf) -> Dictionary:
    file = Stream(document, EXECUTABLE + SECRET, Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=SECRET, EF=Dictionary(F=file))


def _zip() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("payload.txt", SECRET)
    return output.getvalue()


def signed_pdf() -> bytes:
    """A signature field with the drawing of a seal, as tax and training offices issue them."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        seal = Stream(document, b"1 0 0 rg 0 0 99 99 re f %drawn seal", Type=Name.XObject, Subtype=Name.Form)
        seal.BBox = Array([0, 0, 99, 99])
        field = document.make_indirect(_annotation("/Widget", FT=Name.Sig, AP=Dictionary(N=seal), F=4))
        document.pages[0].obj.Annots = Array([field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        return _saved(document)


def inherited_pdf() -> bytes:
    """A page whose size and fonts stand on the tree above it."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        page = document.pages[0].obj
        for key in ("/MediaBox", "/Resources"):
            document.Root.Pages[key] = page.get(key, document.Root.Pages.get(key))
            if key in page:
                del page[key]
        return _saved(document)


def encrypted_pdf(password: str) -> bytes:
    """Without a password anybody may read, but not everybody may print or copy."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        return _saved(document, encryption=pikepdf.Encryption(owner="owner", user=password))


def unpacking_pdf(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        content = Stream(document, b"")
        content.write(packed, filter=Name.FlateDecode)
        document.pages[0].obj.Contents = content
        return _saved(document)


def _saved(document: pikepdf.Pdf, encryption: pikepdf.Encryption | bool = False) -> bytes:
    output = io.BytesIO()
    document.save(output, encryption=encryption)
    return output.getvalue()


def nested_pdf(depth: int) -> bytes:
    return pdf().replace(b"/Type /Catalog", b"/Type /Catalog /Deep " + b"[" * depth + b"]" * depth)


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    return _image("PNG", size, mode)


def jpeg(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    return _image("JPEG", size, mode)


def _image(file_format: str, size: tuple[int, int], mode: str) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size).save(output, file_format)
    return output.getvalue()


def telling_jpeg() -> bytes:
    """A photo taken upright (60 by 40 as stored, 40 by 60 as seen) that tells where, and carries a program."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    output = io.BytesIO()
    Image.new("RGB", (60, 40)).save(output, "JPEG", exif=exif, comment=SECRET)
    return output.getvalue() + PHP


def bomb_png(side: int) -> bytes:
    """A few bytes that say they are a picture of `side` by `side` points."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

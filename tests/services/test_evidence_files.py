"""What the door lets in, and what it sends away."""

import io
import unicodedata

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from services import file_refusals as refusals
from services.errors import DomainError
from services.evidence_files import LONGEST_NAME, MOST_BYTES, CheckedFile, check, clean_name
from tests import hostile_files as hostile

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("file_name", "content", "media_type"),
    [
        ("证书.pdf", hostile.pdf(), "application/pdf"),
        ("证书.PDF", hostile.pdf(pages=300), "application/pdf"),
        ("照片.jpg", hostile.jpeg(), "image/jpeg"),
        ("照片.JPEG", hostile.jpeg(mode="CMYK"), "image/jpeg"),
        ("灰度.jpeg", hostile.jpeg(mode="L"), "image/jpeg"),
        ("截图.png", hostile.png(), "image/png"),
        ("透明.png", hostile.png(mode="RGBA"), "image/png"),
        ("调色板.png", hostile.png(mode="P"), "image/png"),
    ],
)
def test_an_honest_file_is_let_in(file_name: str, content: bytes, media_type: str) -> None:
    checked = check(file_name, content)
    assert (checked.file_name, checked.media_type, checked.original) == (file_name, media_type, content)
    assert len({checked.sha256, checked.original_sha256}) == len({checked.clean, checked.original})


@pytest.mark.parametrize(
    ("file_name", "content", "refusal"),
    [
        ("证书.pdf", b"", refusals.FileEmpty),
        ("证书.pdf", hostile.pdf() + bytes(6 * 1024 * 1024), refusals.FileTooLarge),
        ("证书.pdf", hostile.pdf().ljust(MOST_BYTES + 1, b"\n"), refusals.FileTooLarge),
        ("证书", hostile.pdf(), refusals.FileTypeNotAllowed),
        ("", hostile.pdf(), refusals.FileTypeNotAllowed),
        ("x.pdf.exe", hostile.pdf(), refusals.FileTypeNotAllowed),
        ("证书\u202efdp.exe", hostile.pdf(), refusals.FileTypeNotAllowed),
        ("证书.gif", b"GIF89a", refusals.FileTypeNotAllowed),
        ("证书.svg", hostile.SVG, refusals.FileTypeNotAllowed),
        ("证书.pdf", hostile.EXECUTABLE, refusals.ContentMismatch),
        ("证书.pdf", hostile.HTML, refusals.ContentMismatch),
        ("证书.png", hostile.SVG, refusals.ContentMismatch),
        ("证书.pdf", b"GIF89a" + hostile.pdf(), refusals.ContentMismatch),
        ("证书.jpg", hostile.png(), refusals.ContentMismatch),
        ("证书.png", hostile.pdf(), refusals.ContentMismatch),
        ("证书.pdf", hostile.encrypted_pdf("password"), refusals.FileProtected),
        ("证书.pdf", hostile.encrypted_pdf(""), refusals.FileProtected),
        ("证书.pdf", hostile.pdf(pages=500), refusals.TooManyPages),
        ("证书.pdf", b"%PDF-1.7\n", refusals.FileUnreadable),
        ("证书.pdf", b"%PDF-1.7\n" + hostile.HTML, refusals.FileUnreadable),
        ("证书.pdf", hostile.pdf()[:200], refusals.FileUnreadable),
        ("证书.jpg", hostile.jpeg()[:300], refusals.FileUnreadable),
        ("证书.jpg", b"\xff\xd8\xff" + hostile.PHP, refusals.FileUnreadable),
        ("证书.png", hostile.png()[:60], refusals.FileUnreadable),
        ("证书.png", hostile.bomb_png(30_000), refusals.ImageTooLarge),
        ("证书.png", hostile.bomb_png(7_000), refusals.ImageTooLarge),
        ("证书.png", hostile.bomb_png(6_000), refusals.FileUnreadable),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(file_name: str, content: bytes, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal) as refused:
        check(file_name, content)
    assert str(refused.value).endswith("。")
    assert "%(" not in str(refused.value)


def test_a_file_of_exactly_five_megabytes_is_not_too_large() -> None:
    assert check("证书.pdf", hostile.pdf().ljust(MOST_BYTES, b"\n")).clean.startswith(b"%PDF-")


def test_refusals_name_the_numbers() -> None:
    with pytest.raises(refusals.TooManyPages, match="PDF共301页，超过300页"):
        check("证书.pdf", hostile.pdf(pages=301))
    with pytest.raises(refusals.FileTooLarge, match="文件超过5MB，请压缩后再上传"):
        check("证书.pdf", bytes(MOST_BYTES + 1))
    with pytest.raises(refusals.ImageTooLarge, match="4000万像素"):
        check("证书.png", hostile.bomb_png(7_000))


def test_nothing_that_acts_or_hides_is_left_in_a_pdf() -> None:
    armed = hostile.armed_pdf()
    clean = check("证书.pdf", armed).clean
    assert hostile.SECRET in armed
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert set(document.Root.keys()) == {"/Pages", "/Type"}
        assert set(document.pages[0].obj.keys()) <= {"/Contents", "/MediaBox", "/Parent", "/Resources", "/Type"}
        parts = [repr(item.unparse()) for item in document.objects]
        streams = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
    for word in ("JavaScript", "Launch", "URI", "SubmitForm", "EmbeddedFile", "Filespec", "secret-payload"):
        assert not [part for part in parts if word in part], word
    assert not [stream for stream in streams if hostile.SECRET in stream or hostile.EXECUTABLE in stream]
    assert hostile.SECRET not in clean
    assert b"PK\x03\x04" not in clean


def test_the_text_of_a_page_stays() -> None:
    clean = check("证书.pdf", hostile.armed_pdf()).clean
    with pikepdf.open(io.BytesIO(clean)) as document:
        assert b"Certificate of training" in document.pages[0].obj.Contents.read_bytes()
        assert "/Font" in document.pages[0].obj.Resources


def test_a_seal_stays_as_a_drawing_and_its_field_goes() -> None:
    with pikepdf.open(io.BytesIO(check("证书.pdf", hostile.signed_pdf()).clean)) as document:
        assert "/AcroForm" not in document.Root
        assert "/Annots" not in document.pages[0].obj
        drawings = [form.read_bytes() for form in document.pages[0].obj.Resources.XObject.values()]
    assert any(b"drawn seal" in drawing for drawing in drawings)


def test_what_a_page_inherits_stays_with_it() -> None:
    with pikepdf.open(io.BytesIO(check("证书.pdf", hostile.inherited_pdf()).clean)) as document:
        assert {"/MediaBox", "/Resources"} <= set(document.pages[0].obj.keys())


@pytest.mark.parametrize("place", [b"/BaseFont /%b", b"/%b /Here", b"/S /%b", b"/Type /%b"])
def test_names_in_an_old_chinese_encoding_do_no_harm(place: bytes) -> None:
    """As older office programs write them."""
    content = hostile.pdf().replace(b"/BaseFont", place % "宋体".encode("gbk") + b" /BaseFont")
    assert check("证书.pdf", content).clean.startswith(b"%PDF-")


def test_a_truncated_pdf_is_repaired() -> None:
    whole = hostile.pdf(pages=3)
    with pikepdf.open(io.BytesIO(check("证书.pdf", whole[:-300]).clean)) as document:
        assert len(document.pages) >= 1


def test_a_pdf_that_unpacks_to_too_much_is_refused() -> None:
    bomb = hostile.unpacking_pdf(megabytes=600)
    assert len(bomb) < MOST_BYTES
    with pytest.raises(refusals.FileUnreadable):
        check("证书.pdf", bomb)


def test_a_pdf_that_is_nested_too_deeply_harms_nobody() -> None:
    try:
        outcome: object = check("证书.pdf", hostile.nested_pdf(100_000))
    except DomainError as refusal:
        outcome = refusal
    assert isinstance(outcome, (CheckedFile, refusals.FileUnreadable))
    assert check("证书.pdf", hostile.pdf())


def test_the_same_file_gives_the_same_copy() -> None:
    original = hostile.pdf()
    assert check("甲.pdf", original).sha256 == check("乙.pdf", original).sha256


def test_a_photo_is_turned_upright_and_tells_nothing_else() -> None:
    clean = check("照片.jpg", hostile.telling_jpeg()).clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.size == (40, 60)
        assert not dict(image.getexif())
        assert "comment" not in image.info
    assert hostile.SECRET not in clean
    assert b"<?php" not in clean


def test_a_photo_that_holds_a_second_picture_keeps_the_first() -> None:
    output = io.BytesIO()
    first, second = Image.new("RGB", (60, 40)), Image.new("RGB", (20, 20))
    first.save(output, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(check("照片.jpg", output.getvalue()).clean)) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    output = io.BytesIO()
    Image.new("I;16", (4, 4), 128 * 256).save(output, "PNG")
    with Image.open(io.BytesIO(check("扫描.png", output.getvalue()).clean)) as image:
        assert image.getpixel((0, 0)) == 128


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\证书.pdf", "证书.pdf"),
        ("证书\u202efdp.png", "证书fdp.png"),
        ("a\r\nSet-Cookie: b=c.pdf", "a Set-Cookie_ b=c.pdf"),
        ('a";filename="b.pdf', "a_;filename=_b.pdf"),
        ("证\x00书\u200b.pdf", "证书.pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("名" * 300 + ".pdf", "名" * 76 + ".pdf"),
        (".pdf", "附件.pdf"),
        (" . . ", "附件"),
        ("", "附件"),
        ("a/b/", "附件"),
        ("\ud800.png", "附件.png"),
        ("证书.pdf. ", "证书.pdf"),
    ],
)
def test_a_name_loses_what_is_invisible_or_dangerous(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(st.characters(), max_size=400))
@example("\u0958" * 100 + ".pdf")
def test_every_name_becomes_a_harmless_one(file_name: str) -> None:
    name = clean_name(file_name)
    assert 0 < len(name) <= LONGEST_NAME
    assert not [c for c in name if unicodedata.category(c)[0] == "C" or c in '/\\<>:"|?*']
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)


HONEST = {"a.pdf": hostile.pdf(), "a.jpg": hostile.telling_jpeg(), "a.png": hostile.png(), "b.pdf": hostile.armed_pdf()}


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """An honest file, cut, overwritten or lengthened at some places, sometimes under the name of another."""
    content = bytearray(HONEST[draw(st.sampled_from(sorted(HONEST)))])
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(5, len(content)))
        content[place : place + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
    return draw(st.sampled_from(sorted(HONEST))), bytes(content)


def _outcome(file_name: str, content: bytes) -> object:
    try:
        return check(file_name, content)
    except DomainError as refusal:
        return refusal


@settings(max_examples=150, deadline=None)
@given(damaged_files())
def test_a_damaged_file_is_let_in_clean_or_refused_with_a_reason(file: tuple[str, bytes]) -> None:
    assert isinstance(_outcome(*file), (CheckedFile, DomainError))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), st.sampled_from([".pdf", ".jpg", ".png"]), st.binary(max_size=200))
def test_any_bytes_under_any_name_are_let_in_clean_or_refused(stem: str, ending: str, content: bytes) -> None:
    for signature in (b"", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        assert isinstance(_outcome(stem + ending, signature + content), (CheckedFile, DomainError))

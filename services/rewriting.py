"""Makes the copy of an uploaded file that is shown: drawn anew, with nothing in it but what can be seen.

Runs only in the limited processes of `services.sandbox`; the application itself never loads the parsers.
"""

import io
import warnings
from collections.abc import Callable, Iterator, Set
from typing import Any

import pikepdf
from PIL import Image, ImageOps

from services.file_refusals import FileProtected, FileUnreadable, ImageTooLarge, TooManyPages

MAX_PAGES = 300
MAX_MEGAPIXELS = 40
# What the streams of one PDF may unpack to: room for colour scans, none for a bomb.
MAX_UNPACKED = 512 * 1024 * 1024

PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}
)
RESOURCE_KEYS = frozenset({"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/ProcSet"})
# Data outside the file, other versions of an image, and what programs leave for themselves.
STREAM_EXTRAS = frozenset(
    {"/F", "/FFilter", "/FDecodeParms", "/AF", "/Alternates", "/Metadata", "/OPI", "/PieceInfo", "/PS", "/Ref"}
)
ACTIVE_TYPES = frozenset({"/Action", "/Annot", "/EmbeddedFile", "/Filespec"})
ACTIONS = frozenset(
    {"/GoTo3DView", "/GoToE", "/GoToR", "/Hide", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Named"}
    | {"/Rendition", "/ResetForm", "/RichMediaExecute", "/SetOCGState", "/Sound", "/SubmitForm", "/Thread", "/URI"}
)
IMAGE_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})

Image.preinit()  # the formats, while files can still be opened
# By itself Pillow only warns up to twice the limit.
warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = MAX_MEGAPIXELS * 1_000_000


def rewrite(content: bytes, media_type: str) -> bytes:
    """Raises one of `services.file_refusals`; any other error means that a parser gave up on a hostile file."""
    return _REWRITERS[media_type](content)


def rewrite_pdf(content: bytes) -> bytes:
    """Pages are moved into a new document, so that what hangs on the old one (scripts, files, forms) stays behind."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as source:
            return _moved_pages(source)
    except pikepdf.PasswordError:
        raise FileProtected from None
    except pikepdf.PikepdfError:
        raise FileUnreadable from None


def _moved_pages(source: pikepdf.Pdf) -> bytes:
    _require_ordinary(source)
    _flatten(source)
    target = pikepdf.new()
    for page in source.pages:
        _keep_only(page.obj, PAGE_KEYS)
        target.pages.append(page)
    _strip(target)
    _require_moderate(target)
    output = io.BytesIO()
    # The same input gives the same bytes, and no random numbers have to be read from a device.
    target.save(output, deterministic_id=True)
    return output.getvalue()


def _require_ordinary(source: pikepdf.Pdf) -> None:
    if source.is_encrypted:
        raise FileProtected
    pages = len(source.pages)
    if pages == 0:
        raise FileUnreadable
    if pages > MAX_PAGES:
        raise TooManyPages(pages=pages, limit=MAX_PAGES)


def _flatten(source: pikepdf.Pdf) -> None:
    """Filled fields, stamps and signatures stay visible as drawings."""
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _keep_only(dictionary: pikepdf.Object, keys: frozenset[str]) -> None:
    _drop(dictionary, set(dictionary.keys()) - keys)


def _drop(dictionary: pikepdf.Object, keys: Set[str]) -> None:
    for key in keys:
        del dictionary[key]


def _strip(target: pikepdf.Pdf) -> None:
    for item in target.objects:
        for node in _nodes(item):
            _strip_node(node)


def _nodes(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries and arrays of one object, without those that are objects of their own."""
    waiting: list[Any] = [item]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)):
            yield node
            waiting += [child for _, child in _children(node) if not getattr(child, "is_indirect", False)]


def _children(node: pikepdf.Object) -> list[tuple[Any, Any]]:
    if isinstance(node, pikepdf.Array):
        return list(enumerate(node))
    return list(node.items())


def _strip_node(node: pikepdf.Object) -> None:
    if isinstance(node, pikepdf.Stream):
        _drop(node, STREAM_EXTRAS & set(node.keys()))
    if not isinstance(node, pikepdf.Array) and isinstance(node.get("/Resources"), pikepdf.Dictionary):
        _keep_only(node.Resources, RESOURCE_KEYS)
    for place, child in _children(node):
        if _is_active(child):
            node[place] = pikepdf.Dictionary()


def _is_active(item: Any) -> bool:
    if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    return _name(item, "/Type") in ACTIVE_TYPES or _name(item, "/S") in ACTIONS


def _name(item: pikepdf.Object, key: str) -> str:
    value = item.get(key)
    # Names may be in GBK, which str() refuses.
    return value.unparse().decode("latin-1") if isinstance(value, pikepdf.Name) else ""


def _require_moderate(target: pikepdf.Pdf) -> None:
    unpacked = 0
    for item in target.objects:
        if isinstance(item, pikepdf.Stream):
            unpacked += len(_unpacked(item))
        if unpacked > MAX_UNPACKED:
            raise FileUnreadable


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """Pictures in a format of their own cannot be unpacked here and are left to the viewer."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def rewrite_jpeg(content: bytes) -> bytes:
    image = _opened(content, "JPEG")
    # The quality it came with: a better one would only make the file bigger.
    tables = getattr(image, "quantization", None)
    picture = ImageOps.exif_transpose(image)
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    return _saved(picture, "JPEG", qtables=tables, optimize=True)


def rewrite_png(content: bytes) -> bytes:
    picture = ImageOps.exif_transpose(_opened(content, "PNG"))
    if picture.mode not in IMAGE_MODES:  # 16 bits of grey, which convert() alone would cut off at 255
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    return _saved(picture, "PNG")


def _opened(content: bytes, file_format: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=[file_format])
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ImageTooLarge(megapixels=MAX_MEGAPIXELS) from None
    except (OSError, ValueError, SyntaxError):  # SyntaxError is Pillow's word for a broken header
        raise FileUnreadable from None
    return image


def _saved(picture: Image.Image, file_format: str, **options: Any) -> bytes:
    """Without its notes: place, camera, comments and colour profile all live in `info`."""
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    output = io.BytesIO()
    picture.save(output, file_format, **options)
    return output.getvalue()


_REWRITERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": rewrite_pdf,
    "image/jpeg": rewrite_jpeg,
    "image/png": rewrite_png,
}

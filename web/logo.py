"""The name of the installation with its sign, as a picture."""

from functools import cache
from html import escape

from web.page_shell import ICON


@cache
def logo(title: str) -> str:
    """An SVG whose letters take the reader's own fonts; the blue reads on light and dark ground alike."""
    sign = ICON.read_text().removeprefix('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">')
    width = 84 + 40 * len(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 64" width="{width}" height="64">'
        f"{sign.removesuffix('</svg>').strip().removesuffix('</svg>')}"
        f'<text x="80" y="45" font-size="36" font-weight="600" fill="#3A74BD" '
        f"font-family=\"'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif\">{escape(title)}</text></svg>"
    )

"""Training certificates as a scanner in some office makes them: evidence for the demo and for browser tests.

Drawn by Pillow as one picture a page, because that is what a scan is, and because a font embedded in every file takes
longer than the whole drawing. The same arguments always give the same bytes.
"""

import io
import math
import time
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from random import Random

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

DOTS_PER_INCH = 110
WIDTH, HEIGHT = 1287, 909  # A4, lying
WRITING_LEFT, WRITING_TOP, WRITING_WIDTH, WRITING_HEIGHT = 110, 220, 1067, 550
INK = (38, 34, 32)
SEAL_RED = (196, 30, 36)
SEAL_SIZE = 210
LINE_HEIGHT = 62
QUALITY = 62
GRAINS = 500
GLASS = (231, 233, 236)
TILTS = (-0.8, -0.4, 0.3, 0.7)  # degrees
SAMPLE_NOTE = "演示样本，姓名、单位、内容均属虚构"
# What a line must not begin with.
CLOSING = "，。、；：！？”）》"

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """The stationery of one kind of organiser."""

    heading: str
    paper: Colour
    frame: Colour
    praise: str


LAYOUTS = (
    Layout("结业证书", (253, 249, 238), (164, 124, 62), "修完规定课程，考核合格，准予结业。"),
    Layout("培训证书", (250, 251, 253), (42, 84, 140), "按要求完成全部学习任务，成绩合格。"),
    Layout("学习证明", (252, 252, 248), (92, 104, 84), "全程参加学习并通过考核，情况属实。"),
    Layout("继续教育合格证", (254, 247, 244), (158, 44, 40), "完成规定内容，考核合格，特发此证。"),
)


def certificate_scan(title: str, name: str, organiser: str, when: date, seed: int) -> bytes:
    """One page as PDF: that `name` took part in `title`, held by `organiser` until `when`."""
    chance = Random(seed)  # noqa: S311  # shakes a sheet of paper, keeps no secret
    layout, tilt = chance.choice(LAYOUTS), chance.choice(TILTS)
    number = f"{when.year}{chance.randrange(10**6):06d}"
    words = _words(layout, title, name, organiser, when, number)
    middle = (WIDTH / 2 - WRITING_LEFT, HEIGHT / 2 - WRITING_TOP)
    sheet = _stationery(layout, tilt).copy()
    sheet.paste(INK, (WRITING_LEFT, WRITING_TOP), words.rotate(tilt, Image.Resampling.BILINEAR, center=middle))
    _press_seal(sheet, organiser, chance)
    return _pdf(sheet, when)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(pylopdf_fonts_zh_cn.serif_path(), size)


@cache
def _stationery(layout: Layout, tilt: float) -> Image.Image:
    """What is printed before anybody's name is known, a little crooked on the glass and not quite evenly lit.

    Turning the coloured sheet is what takes long, so it is done once for each angle.
    """
    crooked = _blank(layout).rotate(tilt, Image.Resampling.BILINEAR, fillcolor=GLASS)
    return Image.blend(crooked, _light(), 0.07)


def _blank(layout: Layout) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), layout.paper)
    draw = ImageDraw.Draw(sheet)
    for margin, thickness in ((40, 6), (54, 2), (62, 1)):
        draw.rectangle((margin, margin, WIDTH - margin, HEIGHT - margin), outline=layout.frame, width=thickness)
    for x in (54, WIDTH - 54):
        for y in (54, HEIGHT - 54):
            draw.regular_polygon((x, y, 17), 4, rotation=45, fill=layout.paper, outline=layout.frame, width=3)
    heading = "  ".join(layout.heading)
    draw.text((WIDTH / 2, 172), heading, layout.frame, _font(66), anchor="mm", stroke_width=1)
    draw.text((WIDTH / 2, HEIGHT - 84), SAMPLE_NOTE, layout.frame, _font(15), anchor="mm")
    return sheet


@cache
def _light() -> Image.Image:
    """Brighter at one end, with dust on the glass."""
    dust = Random(GRAINS).randbytes(GRAINS * GRAINS)  # noqa: S311  # dust is no secret
    grain = Image.frombytes("L", (GRAINS, GRAINS), dust).resize((WIDTH, HEIGHT))
    return Image.blend(Image.linear_gradient("L").resize((WIDTH, HEIGHT)), grain, 0.5).convert("RGB")


def _words(layout: Layout, title: str, name: str, organiser: str, when: date, number: str) -> Image.Image:
    """Where there is ink, within the part of the sheet that is written on."""
    words = Image.new("L", (WRITING_WIDTH, WRITING_HEIGHT))
    draw = ImageDraw.Draw(words)
    draw.text((WRITING_WIDTH - 10, 26), f"编号：{number}", 255, _font(22), anchor="rm")
    draw.text((30, 90), f"{name}  同志：", 255, _font(34), anchor="lm")
    text = f"　　于{when.year}年{when.month}月参加由{organiser}举办的“{title}”学习，{layout.praise}"
    for number_of_line, line in enumerate(_lines(text, _font(32), WRITING_WIDTH - 60), start=1):
        draw.text((30, 90 + LINE_HEIGHT * number_of_line), line, 255, _font(32), anchor="lm")
    signature = WRITING_WIDTH - 220
    draw.text((signature, WRITING_HEIGHT - 87), organiser, 255, _font(29), anchor="mm")
    day = f"{when.year}年{when.month}月{when.day}日"
    draw.text((signature, WRITING_HEIGHT - 31), day, 255, _font(29), anchor="mm")
    return words


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for character in text:
        if font.getlength(lines[-1] + character) > width and character not in CLOSING:
            lines.append("")
        lines[-1] += character
    return lines


def _press_seal(sheet: Image.Image, organiser: str, chance: Random) -> None:
    """Across the organiser's name, never twice at the same angle."""
    seal = _seal(organiser).rotate(chance.uniform(-14, 14), Image.Resampling.BILINEAR)
    place = (WIDTH - 330 - SEAL_SIZE // 2 + chance.randint(-40, 40), HEIGHT - 200 - SEAL_SIZE // 2)
    sheet.paste(SEAL_RED, place, seal)


@lru_cache(maxsize=64)
def _seal(organiser: str) -> Image.Image:
    """How much red ink there is: a ring, a star, and the name around it."""
    seal = Image.new("L", (SEAL_SIZE, SEAL_SIZE))
    draw = ImageDraw.Draw(seal)
    middle = SEAL_SIZE / 2
    draw.ellipse((3, 3, SEAL_SIZE - 3, SEAL_SIZE - 3), outline=205, width=6)
    draw.polygon(_star(middle, 34), fill=205)
    step = min(26.0, 264 / max(len(organiser) - 1, 1))
    for place, character in enumerate(organiser):
        _turn_into(seal, character, (place - (len(organiser) - 1) / 2) * step, size=round(min(26, step * 1.2)))
    return seal


def _star(middle: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(36 * corner)
        corners.append((middle + reach * math.sin(angle), middle - reach * math.cos(angle)))
    return corners


def _turn_into(seal: Image.Image, character: str, degrees: float, size: int) -> None:
    """Draws at the top and turns to `degrees` clockwise."""
    layer = Image.new("L", seal.size)
    ImageDraw.Draw(layer).text((SEAL_SIZE / 2, 30), character, 205, _font(size), anchor="mm", stroke_width=1)
    seal.paste(205, (0, 0), layer.rotate(-degrees, Image.Resampling.BICUBIC))


def _pdf(picture: Image.Image, when: date) -> bytes:
    made = time.struct_time((*when.timetuple()[:3], 9, 30, 0, 0, 1, 0))
    output = io.BytesIO()
    picture.save(output, "PDF", resolution=DOTS_PER_INCH, quality=QUALITY, creationDate=made, modDate=made)
    return output.getvalue()

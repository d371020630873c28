"""How a name is printed when no font has one of its characters: with another spelling that its holder confirms."""

from collections.abc import Mapping

from services.errors import N_, DomainError, InvalidField
from services.pdf.font_store import missing_glyphs

LONGEST = 8
SUBSTITUTE = N_("替代写法")


class NameCannotBePrinted(DomainError):
    """`characters` are those that no font has, with their code points, which every screen can show."""

    message = N_(
        "姓名或单位名称中的 %(characters)s 暂无可用字形，不能直接打印。请本人在“继续教育证书打印”中填写并确认替代写法，"
        "或联系系统管理员添加字体。"
    )


class SpellingNotConfirmed(DomainError):
    message = N_("请勾选确认替代写法后再打印。")


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def agreed(text: str, substitutes: Mapping[str, str]) -> Mapping[str, str]:
    """The substitutes of the characters that cannot be printed, and of no others.

    Raises NameCannotBePrinted, InvalidField.
    """
    missing = missing_glyphs(text)
    if left := [character for character in missing if character not in substitutes]:
        raise NameCannotBePrinted(characters="、".join(f"{one}（{code_point(one)}）" for one in left))
    for character in missing:
        _check(code_point(character), substitutes[character])
    return {character: substitutes[character] for character in missing}


def _check(named: str, substitute: str) -> None:
    """Letters only: a spelling says how something is written, and nothing else."""
    if not substitute:
        raise InvalidField(SUBSTITUTE, N_("请填写 %(character)s 的写法。"), character=named)
    if len(substitute) > LONGEST or not substitute.isalpha():
        raise InvalidField(SUBSTITUTE, N_("请用不超过 %(longest)s 个汉字或字母。"), longest=LONGEST)
    if missing := missing_glyphs(substitute):
        raise InvalidField(SUBSTITUTE, N_("“%(characters)s”同样没有字形，请换一种写法。"), characters=missing)


def spelled(text: str, substitutes: Mapping[str, str]) -> str:
    return "".join(substitutes.get(character, character) for character in text)


def note(substitutes: Mapping[str, str]) -> str:
    """What the certificate says about it; the characters themselves by their code points, since none can be printed."""
    said = "，".join(f"{code_point(one)} 以“{spelling}”代替" for one, spelling in substitutes.items())
    return f"用字 {said}，因暂无字形，经持有人确认。" if said else ""


def readable(text: str) -> str:
    """On one line, with the code point in place of each character that no font has, as in 王〔U+3134A〕."""
    missing = frozenset(missing_glyphs(line := " ".join(text.split())))
    return "".join(f"〔{code_point(one)}〕" if one in missing else one for one in line)

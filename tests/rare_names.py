"""Names whose characters programs lose: rare ones of real names, long ones with a dot, Latin ones, and whole sets."""

import unicodedata

# Every pair of bytes among which the codes of GBK are.
PAIRS = [bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF)]
OF_ONE_NAME = 50


def han(encoding: str) -> str:
    """The Chinese characters of a set of characters."""
    decoded = (pair.decode(encoding, "ignore") for pair in PAIRS)
    return "".join(each for each in decoded if len(each) == 1 and unicodedata.name(each, "").startswith("CJK UNIFIED"))


def spread(characters: str) -> str:
    """A name of the greatest length, of characters from all over a set."""
    return characters[:: len(characters) // OF_ONE_NAME][:OF_ONE_NAME]


EXTENSION_A = "".join(map(chr, range(0x3400, 0x4DC0)))
NAMES = (
    *("王㛃", "张䶮", "欧阳𬭎", "陶喆", "李堃", "赵镕", "王𠮷某"),
    *("阿卜杜拉·买买提", "阿卜杜拉·买买提江·吐尔逊·伊斯拉木江", "Maria Fontana", "Zoë Ångström-O'Neill"),
    *(spread(han("gb2312")), spread(han("gbk")), spread(EXTENSION_A)),
)

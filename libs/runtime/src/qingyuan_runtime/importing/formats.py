"""How Excel shows a number by its format, because the person saw that and not the stored number. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

DIGITS_KEPT: Final = 15
"""Excel keeps 15 significant digits of a number."""
_PLAIN: Final = ("", "General", "@", "0")
_HIDDEN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_LETTERS: Final = re.compile("[ymdhsYMDHS]")
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<filler>.)|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)'
)
_COLOURS: Final = (
    "black",
    "blue",
    "cyan",
    "green",
    "magenta",
    "red",
    "white",
    "yellow",
    "color",
    "黑",
    "蓝",
    "红",
    "绿",
)
_FIRST_OF_1900: Final = date(1899, 12, 31)
_FIRST_OF_1904: Final = date(1904, 1, 1)
_NONEXISTENT_DAY: Final = 60
"""Excel counts 29 February 1900, which did not exist: serial numbers from there on are one too large."""
_LAST_SERIAL: Final = 2_958_465
_LARGEST_POWER: Final = 307
_GENERAL: Final = "0.##############"


def is_plain(code: str) -> bool:
    return code in _PLAIN


def is_day(code: str) -> bool:
    """Whether a number in this format is shown as a day or a time."""
    section = code.partition(";")[0]
    return section != "General" and bool(_DAY_LETTERS.search(_HIDDEN.sub("", section)))


def day_of(serial: Decimal, *, since_1904: bool) -> date | None:
    """The day of a serial number; None where Excel shows no day either."""
    whole = int(serial)
    if since_1904:
        return _FIRST_OF_1904 + timedelta(whole) if 0 <= whole <= _LAST_SERIAL - 1462 else None
    if not 1 <= whole <= _LAST_SERIAL or whole == _NONEXISTENT_DAY:
        return None
    return _FIRST_OF_1900 + timedelta(whole - (1 if whole > _NONEXISTENT_DAY else 0))


def number_of(raw: str) -> Decimal | None:
    """The stored number, rounded to the 15 digits that Excel keeps. None for what is no number in Excel."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    if not number.is_finite() or (number and abs(number.adjusted()) > _LARGEST_POWER):
        return None
    return number if is_whole(number) else Decimal(f"{float(number):.{DIGITS_KEPT}g}")


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def is_cut(number: Decimal) -> bool:
    """Whether the number has more digits than Excel keeps: the last ones are zeros, or will be when it saves the file."""
    return is_whole(number) and number.adjusted() >= DIGITS_KEPT


def plain(number: Decimal) -> str:
    """The number in digits, without exponent and without trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def shown(number: Decimal, code: str) -> str | None:
    """The number as the format shows it; None for formats not covered here (fractions, exponents, Chinese digits)."""
    if is_plain(code) and code != "0":
        return plain(number)
    pattern = _parsed(_section(number, code).replace("General", _GENERAL))
    return pattern.shown(abs(number) if ";" in code else number) if pattern else None


def _section(number: Decimal, code: str) -> str:
    sections = code.split(";")
    if number < 0 and len(sections) > 1:
        return sections[1]
    if number == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


@dataclass(frozen=True, slots=True)
class _Pattern:
    before: str
    places: str
    after: str

    def shown(self, number: Decimal) -> str:
        whole, _, part = self.places.partition(".")
        scaled = number.scaleb(2 * (self.before + self.after).count("%")).scaleb(-3 * _trailing_commas(whole))
        text = f"{abs(scaled).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP):f}"
        left, _, right = text.partition(".")
        return ("-" if number < 0 else "") + (
            self.before + _left(left, whole) + _right(right, part) + self.after
        ).strip()


def _trailing_commas(whole: str) -> int:
    return len(whole) - len(whole.rstrip(","))


def _left(text: str, places: str) -> str:
    grouped = "," in places.rstrip(",")
    text = text.lstrip("0").zfill(places.count("0"))
    return re.sub(r"(?<=[0-9])(?=([0-9]{3})+$)", ",", text) if grouped else text


def _right(text: str, places: str) -> str:
    needed = places.rstrip("#?")
    while len(text) > len(needed) and text.endswith("0"):
        text = text[:-1]
    return f".{text}" if text else ""


def _parsed(section: str) -> _Pattern | None:
    """Literal text, one run of digit placeholders, literal text; None for any other structure."""
    runs: list[list[str]] = [[], [], []]
    run = 0
    for found in _TOKEN.finditer(section):
        text, is_placeholder = _meaning(found)
        if text is None:
            return None
        if is_placeholder and run == 0:
            run = 1
        elif not is_placeholder and text and run == 1:
            run = 2
        if is_placeholder and run == 2:
            return None
        runs[run].append(text)
    before, places, after = ("".join(texts) for texts in runs)
    return _Pattern(before, places, after) if places else None


def _meaning(found: re.Match[str]) -> tuple[str | None, bool]:
    """The text of a token (None: not covered here), and whether it is a digit placeholder."""
    match found.lastgroup, found[found.lastgroup or 0]:
        case ("quoted" | "escaped", text):
            return text, False
        case ("wide" | "filler", _):
            return "", False
        case ("bracket", text):
            return _bracket(text), False
        case (_, sign):
            if sign in "0#?.,":
                return sign, True
            return (None if sign in "/Ee@" or (sign.isalpha() and sign.isascii()) else sign), False


def _bracket(text: str) -> str | None:
    if text.startswith("$"):
        return text[1:].partition("-")[0]
    return "" if text.lower().startswith(_COLOURS) else None

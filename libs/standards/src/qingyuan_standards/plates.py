"""Number plates of vehicles (GA 36-2018): ordinary ones, and those of new-energy vehicles."""

import re
import unicodedata
from typing import Final

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN: Final = "[A-HJ-NP-Z0-9]"
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}][A-HJ-Z]"
    rf"(?:{_SIGN}{{4}}[A-HJ-NP-Z0-9挂学]"  # ordinary vehicles, trailers, training cars
    rf"|[A-HJK]{_SIGN}[0-9]{{4}}"  # small new-energy vehicles
    r"|[0-9]{5}[A-HJK])"  # large new-energy vehicles
)


def is_plate(text: str) -> bool:
    """A plate of a vehicle in ordinary traffic, without the dot after its second character."""
    return bool(_PLATE.fullmatch(text))


def normalised_plate(text: str) -> str:
    """As it is painted: half-width capitals without blanks. `沪ａd12345` is `沪AD12345`."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()

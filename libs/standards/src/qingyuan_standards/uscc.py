"""The unified social credit code (统一社会信用代码) of GB 32100-2015."""

import re
from typing import Final

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC: Final = re.compile(rf"[{USCC_ALPHABET}]{{18}}")


def is_uscc(text: str) -> bool:
    """18 characters of the code's alphabet, the last one the check character."""
    if not _USCC.fullmatch(text):
        return False
    total = sum(USCC_ALPHABET.index(sign) * weight for sign, weight in zip(text, _WEIGHTS, strict=False))
    return text[-1] == USCC_ALPHABET[(31 - total % 31) % 31]

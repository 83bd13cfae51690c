"""What Typer says of a mistaken command line, in Chinese: its own sentences are in English alone."""

import re
from typing import Final

SENTENCES: Final = (
    (r"No such command '(.+?)'\..*", "没有命令 {0}。"),
    (r"No such option: (\S+)(?: \(Possible options: (.+)\))?", "没有选项 {0}。"),
    (r"Option '(.+)' requires (?:an argument|[0-9]+ arguments)\.", "选项 {0} 应有一个值。"),
    (r"Option '(.+)' does not take a value\.", "选项 {0} 不带值。"),
    (r"Missing (?:argument|option|parameter)[: ]\s*'?([^'.]+)'?\..*", "缺少 {0}。"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", "多余的参数：{0}。"),
    (r"Invalid value for '([^']+)': .+", "{0} 的值不正确。"),
)


def sentence_of(message: str) -> str | None:
    """None where Typer has no sentence of a kind that is known here."""
    for pattern, sentence in SENTENCES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*found.groups())
    return None

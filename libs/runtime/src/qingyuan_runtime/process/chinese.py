"""The words that command lines print by themselves, in Chinese.

argparse and Typer ask `gettext` for them. A catalogue on disk would be chosen by the environment's language, and the
programs that are started from here would follow that language too, so the words stand here instead.
"""

import gettext
from typing import Final

WORDS: Final = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示本说明",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "须给出其中一个参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这一项，可选 %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 的格式不正确（%(type)s）",
    "expected one argument": "应有一个值",
    "expected at least one argument": "至少应有一个值",
    "expected at most one argument": "最多只能有一个值",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "ignored explicit argument %r": "不能带值 %r",
    "Usage: ": "用法：",
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "Error": "错误",
    "Aborted.": "已取消，没有执行。",
    "Aborted!": "已取消，没有执行。",
    "required": "必填",
    "[required]": "[必填]",
    "default: {default}": "默认：{default}",
    "[default: {}]": "[默认：{}]",
    "Missing command.": "没有给出命令。",
    "Try [blue]'{command_path} {help_option}'[/] for help.": "用法见 [blue]{command_path} {help_option}[/]。",
}
_CATALOGUED: Final = gettext.dgettext


def speak_chinese() -> None:
    """Call it before Typer is imported, which asks for its titles then. What is not listed is asked of `gettext` as before."""
    gettext.dgettext = _worded


def _worded(domain: str, message: str) -> str:
    return WORDS.get(message) or _CATALOGUED(domain, message)

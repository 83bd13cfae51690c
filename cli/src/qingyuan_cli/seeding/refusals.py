"""Why a seed could not be done, in a sentence for whoever has started it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx

FIELDS_TOLD = 3
"""Of a refusal that names fields: more of them would hide which command it was."""


class Refusal(Exception):
    """The system has refused a request that the seed depends on. Its text says which one, and what the server said.

    `code`: that of the server's problem, if it sent one.
    """

    code = ""

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        request = response.request
        refusal = cls(f"{request.method} {request.url.path} 被拒绝：{_sentence(response)}")
        refusal.code = _code(response)
        return refusal


class NotSeeded(Exception):
    """Its text is a sentence for the user."""


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """What ends a seed becomes `NotSeeded`."""
    try:
        yield
    except Refusal as error:
        sentence = f"建立演示数据失败：{error}演示数据或演示账户的密码可能已被改动。"
        raise NotSeeded(sentence) from error
    except httpx.TransportError as error:
        address = f"{error.request.method} {error.request.url.path}"
        raise NotSeeded(f"建立演示数据失败：{address} 没有收到答复（{error}）。") from error
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd[1:6]))
        raise NotSeeded(f"建立演示数据失败：命令 {command} 以代码 {error.returncode} 结束。") from error


def _sentence(response: httpx.Response) -> str:
    """The sentence of a problem with the fields that it names, its code and status; else what there is of the body."""
    try:
        problem: Any = response.json()
        title, code = problem["title"], problem["code"]
        fields = [f"{each['field']}：{each['sentence']}" for each in problem.get("errors", ())]
    except (ValueError, KeyError, TypeError):
        return f"{response.text[:200]}（{response.status_code}）。"
    return f"{title}{''.join(fields[:FIELDS_TOLD])}（{response.status_code} {code}）"


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return ""

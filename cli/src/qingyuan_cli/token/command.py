"""The command `qingyuan token`: starts the signing service with one key and asks for its PIN at this terminal."""

import asyncio
import signal
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Final, get_args

import typer

from qingyuan_cli.base import console, fail, state
from qingyuan_cli.token.key import DEMO_PIN, Condition, NotACode, TokenKey, Wish, insert
from qingyuan_cli.token.protocol import AskPin, SigningDesk

if TYPE_CHECKING:
    from aiohttp.web import Application

DEFAULT_NAME: Final = "上海证通环境运维有限公司（演示）"
DEFAULT_USCC: Final = "91310115MA1K4CERTJ"
commands = typer.Typer()


@commands.command()
def token(
    organisation: Annotated[
        str,
        typer.Option(
            help="单位名称和统一社会信用代码， 用逗号分开", show_default="一家尚未登记的演示运维机构"
        ),
    ] = f"{DEFAULT_NAME},{DEFAULT_USCC}",
    rsa: Annotated[bool, typer.Option("--rsa", help="RSA 密钥；默认 SM2")] = False,
    number: Annotated[int, typer.Option(min=1, max=99, help="同一单位的第几把密钥")] = 1,
    condition: Annotated[
        str, typer.Option("--state", help=f"密钥的状态： {' '.join(get_args(Condition))}")
    ] = "good",
    days: Annotated[int, typer.Option(min=1, max=3650, help="证书还有多少天到期")] = 365,
    origin: Annotated[list[str] | None, typer.Option(help="允许使用它的网页地址；默认本机的清源")] = None,
    pin_given: Annotated[str | None, typer.Option(help="不再询问 PIN 码，都用这个（演示和测试用）")] = None,
) -> None:
    """插上一把演示密钥并运行本机签名服务，Ctrl-C 拔出。例：qingyuan token --state expired"""
    from qingyuan_cli.token.serving import NoPort, build, free_port

    if condition not in get_args(Condition):
        raise fail(f"--state 只能是 {'、'.join(get_args(Condition))}。")
    name, _, uscc = organisation.rpartition(",")
    wish = Wish(name.strip(), uscc.strip(), "rsa" if rsa else "sm2", number, condition, days)  # type: ignore[arg-type]
    try:
        key, port = insert(state(), wish), free_port()
    except NotACode as wrong:
        raise fail(f"统一社会信用代码 {wrong} 不正确。例：--organisation 某某公司,{DEFAULT_USCC}") from wrong
    except NoPort as taken:
        raise fail("签名服务的端口都被占用；请先关闭另一个签名服务。") from taken
    _print(key, port)
    desk = SigningDesk(
        key, ask_at_terminal(pin_given), lambda sentence: console.print(sentence, markup=False)
    )
    asyncio.run(_run(build(desk, origin or own_origins()), port))


def own_origins() -> list[str]:
    """The pages of this checkout's system."""
    port = state().port("gateway")
    return [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]


def ask_at_terminal(given: str | None) -> AskPin:
    """The text is shown here and the PIN typed here: a page never sees the PIN, and cannot show another text."""

    async def ask(origin: str, text: str) -> str | None:
        console.print(f"\n[bold]{origin}[/bold] 请求签名：\n", highlight=False)
        console.print(text, markup=False)
        if given is not None:
            return given
        return await asyncio.to_thread(getpass, "PIN 码（直接回车即取消）：") or None

    return ask


async def _run(app: "Application", port: int) -> None:
    from qingyuan_cli.token.serving import serve

    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await serve(app, port, ended)


def _print(key: TokenKey | None, port: int) -> None:
    console.print(f"签名服务已启动：127.0.0.1:{port}（Ctrl-C 结束）")
    if key is None:
        console.print("没有插入密钥。")
        return
    console.print(
        f"已插入密钥：{key.wish.name} {key.wish.uscc}，证书 {key.certificate.serial}，"
        f"有效期至 {key.certificate.valid_to:%Y-%m-%d}，PIN 码 {DEMO_PIN}"
    )

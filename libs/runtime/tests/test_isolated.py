"""A function in a process of its own: its result, and every way in which it can fail."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import isolated_functions
import pytest
from qingyuan_runtime.process import isolated
from qingyuan_runtime.process.isolated import Died, TooMuch, Unfinished


async def run(name: str, *args: object, seconds: float = 60, megabytes: int = 256) -> object:
    return await isolated.call(
        f"isolated_functions:{name}",
        *args,
        seconds=seconds,
        megabytes=megabytes,
        raises=(isolated_functions.Refused,),
    )


def alive(pid: int) -> bool:
    """A zombie process has ended, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def named(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir()]


async def until_there(folder: Path, count: int) -> list[int]:
    while len(there := named(folder)) < count:
        await asyncio.sleep(0.01)
    return there


async def until_gone(pids: list[int]) -> None:
    while any(alive(pid) for pid in pids):
        await asyncio.sleep(0.01)


async def test_values_and_bytes_come_back() -> None:
    assert await run("length", b"x" * 5_000_000) == 5_000_000
    assert await run("twice", b"ab" * 1_000_000) == b"ab" * 2_000_000
    assert await run("noisy") == "answer"


async def test_its_own_exception_comes_through_with_its_words() -> None:
    with pytest.raises(isolated_functions.Refused) as raised:
        await run("refuse", "file.broken", "文件已损坏。")
    assert raised.value.args == ("file.broken", "文件已损坏。")


async def test_any_other_exception_is_told_without_its_words() -> None:
    with pytest.raises(Died, match=r"ValueError at .*isolated_functions\.py") as raised:
        await run("content_in_the_message")
    assert "张三" not in str(raised.value)


async def test_it_sees_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = await run("environment")
    assert isinstance(seen, dict)
    assert "secret" not in str(seen)


@pytest.mark.parametrize("name", ["abort", "crash", "leave"])
async def test_a_crash_ends_nothing_else(name: str) -> None:
    with pytest.raises(Died):
        await run(name)


async def test_memory_has_a_limit() -> None:
    with pytest.raises(TooMuch):
        await run("take", 300)
    assert await run("take", 10) == 10 * 1024 * 1024


async def test_time_has_a_limit() -> None:
    with pytest.raises(TooMuch):
        await run("spin", seconds=0.5)


async def test_its_answer_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "OUTPUT_MAX", 1000)
    with pytest.raises(TooMuch):
        await run("twice", b"x" * 501)


async def test_it_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Died, match="OSError"):
        await run("write", str(tmp_path / "file"))


async def test_it_ends_with_the_caller_that_is_cancelled_and_its_children_too(tmp_path: Path) -> None:
    calling = asyncio.ensure_future(run("fork_and_hang", str(tmp_path)))
    pids = await until_there(tmp_path, 2)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    await until_gone(pids)


@pytest.mark.slow
async def test_it_ends_when_its_time_is_over_and_its_children_too(tmp_path: Path) -> None:
    with pytest.raises(TooMuch):
        await run("fork_and_hang", str(tmp_path), seconds=2)
    await until_gone(named(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends it with its parent")
async def test_it_ends_when_our_process_is_killed(tmp_path: Path) -> None:
    path = os.pathsep.join(sys.path)
    ours = await asyncio.create_subprocess_exec(
        sys.executable, isolated_functions.__file__, str(tmp_path), env={"PYTHONPATH": path}
    )
    pids = await until_there(tmp_path, 1)
    ours.kill()
    await ours.wait()
    await until_gone(pids)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"V", b"V{", b"V" + b"[" * 100_000, b"E[]", b'E{"type": 1}', b"X1", b"\x80\x04cos\nsystem\n",
        b'E{"type": "builtins:SystemExit", "args": [], "at": ""}',
        b'E{"type": "isolated_functions:Refused", "args": 1, "at": ""}',
    ],
)  # fmt: skip
def test_whatever_a_decoder_that_was_taken_over_answers_is_an_end_of_it_alone(answer: bytes) -> None:
    errors = {"isolated_functions:Refused": isolated_functions.Refused}
    with pytest.raises(Unfinished):
        isolated._result("f", answer, 0, errors)


def test_it_starts_without_our_libraries() -> None:
    """Each call pays for what the child imports."""
    code = "import qingyuan_runtime.process.isolated_child, sys; print({'asyncio', 'pydantic', 'structlog'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "set()\n"

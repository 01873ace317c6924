"""A small HTTP client that keeps N connections busy with requests made beforehand, and times each answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Run:
    """What one run saw: seconds in all, seconds of each answer, statuses, and one body for a look."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sample: bytes = b""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds below which ``share`` of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else 0.0


def request(method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """Return the bytes of one HTTP/1.1 request with keep-alive."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: keep-alive",
        "Accept-Language: zh-CN",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        return status, await reader.readexactly(length)
    if b"transfer-encoding: chunked" in lower:
        parts = []
        while True:
            size = int((await reader.readline()).strip() or b"0", 16)
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
            if not size:
                return status, b"".join(parts)
    return status, b""


async def _client(port: int, queue: list[bytes], run: Run) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    while queue:
        message = queue.pop()
        begun = time.perf_counter()
        writer.write(message)
        status, body = await _answer(reader)
        run.latencies.append(time.perf_counter() - begun)
        run.statuses[status] += 1
        run.sample = run.sample or body
    writer.close()


def drive(port: int, requests: Sequence[bytes], clients: int) -> Run:
    """Send all ``requests`` over ``clients`` connections and return what was seen."""
    run = Run()
    queue = list(reversed(requests))

    async def everybody() -> None:
        await asyncio.gather(*(_client(port, queue, run) for _ in range(clients)))

    begun = time.perf_counter()
    asyncio.run(everybody())
    run.seconds = time.perf_counter() - begun
    return run

"""An endpoint in the platform's place that takes 20 ms for every message and costs next to nothing.

`python -m lib.bench_endpoint PORT`: answers every POST below /cgi-bin/message after 20 ms, gives out a
token, and tells at /seen when it accepted the message of which page.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

MILLISECONDS = 20
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
PAGE = re.compile(rb'"page": ?"([^"]*)"')

seen: list[tuple[str, float]] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept open for one request after the other."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length.group(1))) if length else b""
            answer = await _answer(head.split(b" ", 2)[1], body)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % len(answer)
            )
            writer.write(answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionResetError):
        pass  # the other side has gone: that is how a connection ends
    finally:
        writer.close()


async def _answer(path: bytes, body: bytes) -> bytes:
    if path.startswith(b"/cgi-bin/message"):
        await asyncio.sleep(MILLISECONDS / 1000)
        page = PAGE.search(body)
        seen.append((page.group(1).decode() if page else "", time.time()))
        return b'{"errcode":0,"errmsg":"ok","msgid":1}'
    if path.startswith(b"/cgi-bin/stable_token"):
        return b'{"access_token":"bench","expires_in":7200}'
    if path.startswith(b"/seen"):
        found, seen[:] = json.dumps(seen).encode(), []
        return found
    return b'{"errcode":0,"errmsg":"ok","data":[]}'


async def main(port: int) -> None:
    """Listen until killed."""
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

"""What stands between the page and whatever else runs in a browser on this machine.

A page on another site can make a browser send requests to this address. So a request is refused
unless it names this address as its host and, where it says whose page sent it, that page is ours.
Answers carry a policy that lets the browser load nothing from elsewhere and run no inline script.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_BYTES = 400_000
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_TOO_LARGE = (413, f"larger than {BODY_BYTES:,} bytes")
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Wraps an application; refuses foreign hosts, foreign pages and large bodies."""

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        """hosts: what a browser may call this address, with the port (`127.0.0.1:8571`)."""
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, checked before anything of it is read."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refused = self.refusal(scope)
        if refused is not None:
            await _answer(send, *refused)
            return
        body = await _body(receive)
        if body is None:
            await _answer(send, *_TOO_LARGE)
            return
        await self.app(scope, _after(body, receive), _with_headers(send))

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """(status, message) for a request that must not be answered, None for one that may."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        host = headers.get("host", "")
        if host not in self.hosts:
            return 421, f"this page is not served as '{host[:80]}'"
        for name in ("origin", "referer"):
            said = headers.get(name)
            if said is not None and urlsplit(said).netloc not in self.hosts:
                return 403, "this page takes requests from itself only"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return 403, "this page takes requests from itself only"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, f"{scope['method']} means nothing here"
        if scope["method"] == "POST" and not _is_json(headers.get("content-type", "")):
            return 415, "requests are JSON"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY_BYTES:
            return _TOO_LARGE
        return None


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


async def _body(receive: Receive) -> bytes | None:
    """The whole body, None where it is too large; a sender need not say its length."""
    parts, taken, more = [], 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        taken += len(parts[-1])
        more = bool(message.get("more_body", False))
        if taken > BODY_BYTES:
            return None
    return b"".join(parts)


def _after(body: bytes, receive: Receive) -> Receive:
    """Hands the body over once; what comes after it is the end of the connection."""
    handed = False

    async def receiving() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in there]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return sending


async def _answer(send: Send, status: int, message: str) -> None:
    body = json.dumps({"message": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

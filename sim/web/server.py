"""Starts the page on this machine and stops it on Ctrl-C."""

from __future__ import annotations

import socket
import threading

import uvicorn

from sim.errors import PortTaken, SpheresError
from sim.web.app import make_app, vega_bundle
from sim.web.ensembles import Ensembles, Limits

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def hosts(host: str, port: int) -> frozenset[str]:
    """What a browser may call the page."""
    names = {host, "127.0.0.1", "localhost", "[::1]"}
    return frozenset(f"{name}:{port}" for name in names)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. port 0: any free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)  # whoever reads the address may connect at once
    except OSError as error:
        found.close()
        hint = "Choose another with --port"
        raise PortTaken(f"cannot listen on {host}:{port} ({error.strerror}). {hint}") from None
    return found


def make_server(limits: Limits, host: str, sock: socket.socket) -> uvicorn.Server:
    """A server for the socket, not yet started."""
    app = make_app(Ensembles(limits), hosts(host, sock.getsockname()[1]))
    threading.Thread(target=vega_bundle, daemon=True).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=1
    )
    return uvicorn.Server(config)


def serve(server: uvicorn.Server, sock: socket.socket) -> None:
    """Serve until Ctrl-C, which is raised here as KeyboardInterrupt. Raises SpheresError where the
    server ends by itself.

    It runs on a thread: on the main one it would take SIGINT for itself.
    """
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
        raise SpheresError("the page's server ended by itself. What it said stands above")
    finally:
        server.should_exit = True
        thread.join()

"""``spheres serve``: the live page, on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.checkout import experiment
from sim.cli.options import Seed, Workers
from sim.cli.output import say

if TYPE_CHECKING:
    from socket import socket
    from types import ModuleType

    from uvicorn import Server


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8571,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback lets others in.")
    ] = "127.0.0.1",
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=16, max=10000, help="Refine up to so many.")
    ] = 1000,
    seed: Seed = 1,
    workers: Workers = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
    benchmark: Annotated[
        int, typer.Option("--benchmark", min=0, help="Time so many moves, then end.")
    ] = 0,
) -> None:
    """Until Ctrl-C. Needs the extra ``web``; timing in a browser needs Chromium and playwright."""
    from sim.errors import SpheresError

    try:
        from sim.web.ensembles import Limits
        from sim.web.server import LOOPBACK, bind, make_server, serve
    except ModuleNotFoundError as error:
        message = f"the page needs the package '{error.name}'"
        raise SpheresError(
            f"{message}. Install it: pip install 'spheres[web]', or make venv"
        ) from None
    if host not in LOOPBACK:
        say(f"note: {host} is not loopback: whoever reaches this machine can run ensembles on it")
    limits = Limits(replicates=replicates, workers=workers or os.cpu_count() or 1, seed=seed)
    page = experiment("00_speed", "page", "the timing of the page") if benchmark else None
    with bind(host, port) as sock:
        server = make_server(limits, host, sock)
        if page is not None:
            measure(page, server, sock, benchmark)
            return
        address = f"http://{'[::1]' if ':' in host else host}:{sock.getsockname()[1]}/"
        print(f"Spheres is at {address} (Ctrl-C ends it)", flush=True)
        if open_:
            import webbrowser

            webbrowser.open(address)
        serve(server, sock)


def measure(page: ModuleType, server: Server, sock: socket, moves: int) -> None:
    """Print how long moves take in the server alone and in a browser, as `page` times them."""
    from threading import Thread

    from sim.errors import SpheresError
    from sim.web.ensembles import Ensembles

    ensembles = Ensembles()
    print(page.summary("server, nothing else running", page.server_moves(ensembles, moves)))
    ensembles.close()
    Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True).start()
    try:
        found = page.browser_moves(f"http://127.0.0.1:{sock.getsockname()[1]}/", moves)
    except SpheresError as error:
        say(f"note: {error}")
        return
    finally:
        server.should_exit = True
    print(page.summary("slider to first new bands", found.page))
    print(page.summary("of it in the server", found.page_server))
    if found.first_paint is not None:
        print(f"first paint: {found.first_paint:.0f} ms")

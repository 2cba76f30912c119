"""``spheres serve``: the live page, on this machine."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sim.cli.output import say


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8571,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback lets others in.")
    ] = "127.0.0.1",
    replicates: Annotated[
        int, typer.Option("-n", "--replicates", min=16, max=10000, help="Refine up to so many.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="All luck follows from it.")] = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores if left out.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Until Ctrl-C. Needs the extra ``web``."""
    from sim.errors import SpheresError

    try:
        from sim.web.ensembles import Limits
        from sim.web.server import LOOPBACK, bind, make_server
    except ModuleNotFoundError as error:
        message = f"the page needs the package '{error.name}'"
        raise SpheresError(f"{message}. Install the extra: pip install 'spheres[web]'") from None
    if host not in LOOPBACK:
        say(f"note: {host} is not loopback: whoever reaches this machine can run ensembles on it")
    limits = Limits(replicates=replicates, workers=workers or os.cpu_count() or 1, seed=seed)
    with bind(host, port) as sock:
        server = make_server(limits, host, sock)
        address = f"http://{'[::1]' if ':' in host else host}:{sock.getsockname()[1]}/"
        print(f"Spheres is at {address} (Ctrl-C ends it)", flush=True)
        if open_:
            import webbrowser

            webbrowser.open(address)
        server.run(sockets=[sock])

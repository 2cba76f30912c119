"""The live page as tests start it: a real server on a free port of this machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sim.web.ensembles import Limits
from sim.web.server import bind, make_server


@contextmanager
def page(replicates: int) -> Iterator[str]:
    """Address of a running page that refines up to so many replicates."""
    with bind("127.0.0.1", 0) as sock:
        server = make_server(Limits(replicates=replicates), "127.0.0.1", sock)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server ended before it began"
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive(), "the server does not end"

"""The addresses of the live page. What it says about a scenario goes through `Selection`."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse

from sim import __version__, interrupt
from sim.charts.geometry import read_topology
from sim.errors import Busy, Cancelled, SpheresError
from sim.scenario import Resolved
from sim.scenario.quantity import Frozen
from sim.web import view_data
from sim.web.catalogue import describe, library
from sim.web.ensembles import Ensembles
from sim.web.guard import Guard
from sim.web.scenario_runs import ScenarioRuns
from sim.web.selection import Selection, View, as_file, resolve

ASSETS = Path(__file__).resolve().parent / "assets"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class RunRequest(Frozen):
    """Run a scenario and show a view of it."""

    selection: Selection = Selection()
    view: View = View()
    upto: int = 1000
    """Replicates after which it is enough; the page's own limit holds as well."""


class EconomyRequest(Frozen):
    """Show one economy of a scenario that was run."""

    selection: Selection = Selection()
    iso3: str


class DecisionRequest(EconomyRequest):
    """Explain what a segment of an economy decided in a month."""

    month: str
    segment: str


def make_app(ensembles: Ensembles, hosts: frozenset[str]) -> Guard:
    """The page's application. hosts: the names it is served as (`127.0.0.1:8571`)."""
    app = FastAPI(
        title="Spheres", version=__version__, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.add_exception_handler(SpheresError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    _add_assets(app)
    _add_scenarios(app, ensembles)
    _add_runs(app, ensembles)
    return Guard(app, hosts)


def _add_assets(app: FastAPI) -> None:
    """The page's own files, read once: no request names a file."""
    held = {
        path.name: path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.suffix in TYPES
    }

    @app.get("/")
    def page() -> Response:
        return Response(held["index.html"], media_type=TYPES[".html"])

    @app.get("/assets/{name}")
    def asset(name: str) -> Response:
        if name == "vega.js":
            return Response(vega_bundle(), media_type=TYPES[".js"], headers=_KEEP)
        if name not in held:
            return JSONResponse({"message": "no such page"}, 404)
        return Response(held[name], media_type=TYPES[Path(name).suffix])

    @app.get("/api/world")
    def world() -> Response:
        return JSONResponse(read_topology(), headers=_KEEP)


_KEEP = {"cache-control": "private, max-age=3600"}
_bundle: list[str] = []
_bundling = threading.Lock()


def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, as vl-convert ships them."""
    with _bundling:
        if not _bundle:
            import vl_convert

            _bundle.append(vl_convert.javascript_bundle())  # type: ignore[call-arg]
    return _bundle[0]


def _add_scenarios(app: FastAPI, ensembles: Ensembles) -> None:
    @app.get("/api/library")
    def shipped() -> dict[str, Any]:
        return {**library(), "version": __version__, "seed": ensembles.limits.seed}

    @app.post("/api/describe")
    def described(selection: Selection) -> dict[str, Any]:
        return describe(selection, ensembles.runs_of(resolve(selection)))

    @app.post("/api/save")
    def save(selection: Selection) -> Response:
        resolve(selection)
        if selection.upload is not None and not selection.moves and not selection.policies:
            return Response(selection.upload.text, media_type="application/yaml")
        return Response(as_file(selection), media_type="application/yaml")


def _add_runs(app: FastAPI, ensembles: Ensembles) -> None:
    @app.post("/api/run")
    async def run(wanted: RunRequest, request: Request) -> StreamingResponse:
        stop = threading.Event()
        lines = _lines(lambda say: _run(ensembles, wanted, stop, say), stop, request)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.post("/api/economy")
    def economy(request: EconomyRequest) -> dict[str, Any]:
        runs = ensembles.runs_of(resolve(request.selection))
        with ensembles.place():
            ensembles.first(runs, threading.Event())
        return view_data.economy(runs.so_far(), request.iso3)

    @app.post("/api/decision")
    def decision(request: DecisionRequest) -> dict[str, Any]:
        with ensembles.one_at_a_time:
            return decided(resolve(request.selection), request, ensembles.limits.seed)


def decided(resolved: Resolved, request: DecisionRequest, seed: int) -> dict[str, Any]:
    """The decision term by term, parameters at their centres."""
    from sim.explain.explain import explain

    found = explain(resolved, request.iso3, request.month, (request.segment,), seed)
    flips = [flip.text for segment in found.segments for flip in segment.flips[:_FLIPS]]
    return {**asdict(found), "flips": flips}


_LISTEN_S = 0.05
_FLIPS = 5
Say = Callable[[dict[str, Any]], None]


def _run(ensembles: Ensembles, request: RunRequest, stop: threading.Event, say: Say) -> None:
    """Say what there is to draw whenever a stage is complete, and how far the next one is."""
    began = time.perf_counter()
    goal = min(request.upto, ensembles.limits.replicates)

    def progress(done: int) -> None:
        say({"kind": "progress", "done": done, "of": goal})

    def show(now: ScenarioRuns) -> None:
        stage = view_data.stage(now, request.view)
        passed = round((time.perf_counter() - began) * 1000, 1)
        say({"kind": "stage", "runs": now.done, "of": goal, **stage, "server_ms": passed})

    def show_map(now: ScenarioRuns) -> None:
        say({"kind": "map", "runs": now.done, **view_data.world_map(now)})

    with ensembles.place():
        with ensembles.in_a_hurry():
            runs = ensembles.runs_of(resolve(request.selection))
            view_data.check_view(runs, request.view)
            ensembles.first(runs, stop)
            now = runs.so_far()
            show(now)
        show_map(now)
        further = ensembles.further(runs, now.done, stop, progress)
        while now.done < goal and next(further, None) is not None:
            now = runs.so_far()
            show(now)
            show_map(now)
    say({"kind": "end"})


async def _lines(
    work: Callable[[Say], None], stop: threading.Event, request: Request
) -> AsyncIterator[str]:
    """The work's messages, a JSON text a line; when nobody listens any more, it is stopped."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def say(message: dict[str, Any]) -> None:
        line = json.dumps(message, allow_nan=False, separators=(",", ":")) + "\n"
        loop.call_soon_threadsafe(queue.put_nowait, line)

    def worked() -> None:
        try:
            work(say)
        except Cancelled:
            pass
        except SpheresError as error:
            say({"kind": "error", "message": str(error), "exit_code": error.exit_code})
        except Exception as error:  # noqa: BLE001 - the page says it, the server goes on
            say({"kind": "error", "message": f"unexpected {type(error).__name__}", "exit_code": 1})
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=worked, daemon=True).start()
    try:
        while not interrupt.asked() and not await request.is_disconnected():
            try:
                line = await asyncio.wait_for(queue.get(), _LISTEN_S)
            except TimeoutError:
                continue
            if line is None:
                return
            yield line
    finally:
        stop.set()


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    code = error.exit_code if isinstance(error, SpheresError) else 1
    status = 503 if isinstance(error, Busy) else 422
    return JSONResponse({"message": str(error), "exit_code": code}, status)


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    said = error.errors() if isinstance(error, RequestValidationError) else []
    where = [(".".join(map(str, item["loc"][1:])), item["msg"]) for item in said]
    text = "; ".join(f"{place}: {message}" for place, message in where) or "not understood"
    return JSONResponse({"message": text, "exit_code": 2}, 422)

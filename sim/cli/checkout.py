"""Modules that ship beside the package, in a checkout only: measurements of `experiments/`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from sim.errors import NeedsCheckout

_CHECKOUT = Path(__file__).resolve().parents[2]
_EXPERIMENTS, _ORACLE = _CHECKOUT / "experiments", _CHECKOUT / "tests" / "oracle"


def experiment(folder: str, module: str, what: str) -> ModuleType:
    """A module out of a folder of `experiments/`; its neighbours are `experiment_FOLDER.NAME`,
    and the plain reading of the month that judges all others is `oracle`.

    what: what is asked for, in words. Raises NeedsCheckout where there is no such folder, as in
    an installed wheel.
    """
    place = _EXPERIMENTS / folder
    if not (place / f"{module}.py").is_file():
        raise NeedsCheckout(
            f"{what} ships with the checkout (experiments/{folder}), not with the installed "
            "package. Clone the project and run it there."
        )
    name = f"experiment_{folder}"
    for package, folder_of_it in ((name, place), ("oracle", _ORACLE)):
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package)
            sys.modules[package].__path__ = [str(folder_of_it)]
    return importlib.import_module(f"{name}.{module}")

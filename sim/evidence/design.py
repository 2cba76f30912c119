"""What a calibration is asked to do: ``seeds/posterior/design.yaml``, strictly read."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from sim.errors import InputError
from sim.evidence.likelihood import Errors
from sim.files import display, seeds_dir
from sim.scenario.quantity import Frozen
from sim.scenario.yaml_lines import read_yaml


class StartErrors(Frozen):
    """Standard errors to start from; see `sim.evidence.likelihood.Errors`."""

    users_log: float = Field(gt=0)
    users_growth_log: float = Field(gt=0)
    deepseek_logit: float = Field(gt=0)
    class_slip: float = Field(ge=0, lt=0.5)
    firms_log: float = Field(gt=0)

    def errors(self) -> Errors:
        """The same as the likelihood takes them."""
        return Errors(
            self.users_log,
            self.users_growth_log,
            self.deepseek_logit,
            self.class_slip,
            self.firms_log,
        )


class Design(Frozen):
    """Seed, folds, effort, start values of errors, and the parameters to fit."""

    seed: int = Field(ge=0)
    folds: int = Field(ge=2, le=50)
    starts: int = Field(ge=1, le=64)
    chains: int = Field(ge=8)
    steps: int = Field(ge=16)
    kept: int = Field(ge=1, le=100)
    errors: StartErrors
    parameters: tuple[str, ...] = Field(min_length=1)


def design_path() -> Path:
    """The shipped design."""
    return seeds_dir() / "posterior" / "design.yaml"


def read_design(path: Path | None = None) -> Design:
    """Read a design. Raises MissingFile, MalformedYaml, and InputError with file and line."""
    path = design_path() if path is None else path
    document = read_yaml(path)
    try:
        return Design.model_validate(document.value)
    except ValidationError as problem:
        first = problem.errors()[0]
        key = tuple(first["loc"])
        raise InputError(
            first["msg"],
            file=display(path),
            line=document.line(key),
            path=".".join(map(str, key)),
            hint="See seeds/posterior/design.yaml of the project for the keys",
        ) from None

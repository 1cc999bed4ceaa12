"""Save each result of a long benchmark at once, so that an interrupted run can resume."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np


def load_results(path: Path) -> dict[str, dict[str, float]]:
    """Read the results that an earlier run saved."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {entry["key"]: entry["scores"] for entry in map(json.loads, lines)}


def keep(done: dict, path: Path, key: str, make: Callable[..., dict], *given: Any) -> None:
    """Compute a result and save it, unless it has been saved already."""
    if key not in done:
        write(done, path, key, make(*given))


def write(done: dict, path: Path, key: str, scores: dict[str, float]) -> None:
    """Store a result in memory and in the file."""
    done[key] = scores
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "scores": scores}) + "\n")
    print(key, scores, flush=True)


def row(name: str, done: dict, seeds: Iterable[int], measures: Iterable[str]) -> list[str]:
    """Write one line of a table: a method, and the mean and range over seeds."""
    runs = [done[f"{name}, seed {seed}"] for seed in seeds]
    return [name, *(cell([run.get(measure, np.nan) for run in runs]) for measure in measures)]


def cell(values: list[float]) -> str:
    """Write mean and range, or a dash if a value is missing or all values are 0."""
    if np.isnan(values).any() or not any(values):
        return "-"
    if max(values) > 50:
        return f"{np.mean(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"
    return f"{np.mean(values):.3g} ({min(values):.3g} to {max(values):.3g})"

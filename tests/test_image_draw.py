"""The diagrams: drawn twice they are the same bytes, and they stay small."""

import importlib.util
from pathlib import Path

IMAGE = Path(__file__).parents[1] / "image"


def load_draw():
    spec = importlib.util.spec_from_file_location("draw", IMAGE / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_two_runs_write_the_same_small_files(tmp_path):
    draw = load_draw()
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        draw.main(tmp_path / run)
    for name in draw.DRAWINGS:
        first = (tmp_path / "first" / f"{name}.png").read_bytes()
        assert first == (tmp_path / "second" / f"{name}.png").read_bytes()
        assert len(first) < 150_000  # 129,000 with Matplotlib 3.8


def test_every_diagram_is_stored_and_nothing_else():
    assert {path.stem for path in IMAGE.glob("*.png")} == set(load_draw().DRAWINGS)

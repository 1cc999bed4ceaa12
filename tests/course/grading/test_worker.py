"""Inside the sandbox: what a lesson computes slowly is computed once for a class."""

import io
import sys

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.grading.inside import worker
from gan_utils.course.grading.inside.border import from_line, to_line
from gan_utils.course.grading.inside.worker import Worker, is_same

CELLS = [
    "import numpy as np",
    "runs = []\ndef train():\n    runs.append(1)\n    return np.arange(3.0)",
    "scores = train()\nmodel = object()\nscores[0] = 5",
]
STEPS = [{"sources": [source]} for source in CELLS]
ANSWER = {"sources": ["answer = scores, model, runs"], "exercise": "01.1", "answers": ["answer"]}


@pytest.fixture(autouse=True)
def main_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def answers_to(*questions: dict) -> list[dict]:
    target = io.BytesIO()
    Worker(io.BytesIO(b"".join(map(to_line, questions))), target).serve()
    return [from_line(line) for line in target.getvalue().splitlines()]


def test_results_that_can_cross_whole_are_computed_once(monkeypatch):
    monkeypatch.setattr(worker, "WORTH_KEEPING", -1)
    plan = {"do": "plan", "steps": [*STEPS, ANSWER]}
    known = answers_to(plan, {"do": "rehearse"})[1]["value"]
    assert set(known) == {"scores = train()", "runs = []"}  # not the model
    questions = [{"do": name, "exercise": "01.1"} for name in ("reach", "run")]
    asked = {"do": "answers", "names": ["answer"]}
    for extra, n_runs in (({}, 1), ({"known": known}, 0)):
        *_, reply = answers_to({**plan, **extra}, *questions, asked)
        scores, _, runs = reply["value"]["answer"]["items"]
        assert scores["items"] == [5, 1, 2]
        assert len(runs["items"]) == n_runs


def test_an_error_is_an_answer_and_ends_nothing():
    told = answers_to({"do": "nonsense"}, {"do": "plan", "steps": []})
    assert told[0]["error"]["type"] == "AttributeError"
    assert told[1] == {"value": True}


@pytest.mark.parametrize(
    ("value", "other", "same"),
    [
        (1, 1.0, False),
        ([1, (2, {"a": None})], [1, (2, {"a": None})], True),
        ({"a": 1}, {"a": 2}, False),
        (np.zeros(2), np.zeros(2, "float32"), False),
        (np.zeros(2), np.zeros(2), True),
        (pd.Series([1.0], name="a"), pd.Series([1.0], name="a"), True),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}), True),
        (object(), object(), False),
    ],
)
def test_only_what_comes_back_as_it_was_is_the_same(value, other, same):
    assert is_same(value, other) is same


def test_a_statement_of_the_student_is_run_even_if_the_lesson_has_the_same(monkeypatch):
    monkeypatch.setattr(worker, "WORTH_KEEPING", -1)
    steps = [{"sources": ["n = 3\ndef train():\n    return [n]", "scores = train()"]}]
    own = {"exercise": "01.1", "answers": ["before", "scores"]}
    own["sources"] = ["before = scores\nn = 5\nscores = train()"]
    plan = {"do": "plan", "steps": [*steps, own]}
    known = answers_to(plan, {"do": "rehearse"})[1]["value"]
    assert "scores = train()" in known
    questions = [{"do": name, "exercise": "01.1"} for name in ("reach", "run")]
    asked = {"do": "answers", "names": ["before", "scores"]}
    *_, reply = answers_to({**plan, "known": known}, *questions, asked)
    assert {key: value["items"] for key, value in reply["value"].items()} == {
        "before": [3],
        "scores": [5],
    }

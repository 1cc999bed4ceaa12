"""A small share of `benchmarks/fuzz.py`: a front door keeps its promise, or refuses in words."""

import hypothesis
import pytest
from doors import Broken, Door, eager, enter, unusable
from doors.every import ALL
from hypothesis import HealthCheck, Phase, given, settings

#: Examples of a door, and of one that trains or takes a second.
QUICK, SLOW = 25, 3
SETTINGS = {
    "database": None,
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}


@pytest.mark.parametrize("name", ALL)
def test_a_front_door_keeps_its_promise_or_refuses(name):
    door = ALL[name]

    # A failure at a slow door is shown as it was found: to make it smaller takes minutes.
    phases = [Phase.generate] if door.slow else [Phase.generate, Phase.shrink]

    @settings(max_examples=SLOW if door.slow else QUICK, phases=phases, **SETTINGS)
    @given(door.examples)
    def visit(example):
        enter(door, example)

    with eager(door):
        visit()


def door(answer):
    return Door("a door", hypothesis.strategies.none(), answer)


def test_a_broken_promise_and_an_error_from_below_are_findings():
    def breaks(_):
        raise Broken("another column")

    def fails(_):
        [][1]

    with pytest.raises(Broken, match="another column"):
        enter(door(breaks), None)
    with pytest.raises(IndexError):
        enter(door(fails), None)
    assert enter(door(lambda _: None), None) == "kept"


def test_a_refusal_comes_from_the_package_and_says_something():
    from gan_utils._support.checks import check_count

    assert enter(door(lambda _: check_count("n", 0)), None) == "refused"
    try:
        int("no number")
    except ValueError as error:
        assert "below the package" in unusable(error)

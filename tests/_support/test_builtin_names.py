"""What a function uses of Python itself is found in its code, and not in the words of its cell."""

import functools
import zlib

import pytest

from gan_utils._support.builtin_names import builtins_of


def of_python(text):
    return hash(text)


def local(text):
    hash = zlib.crc32(text)
    return hash


def in_a_comment(text):  # hash
    return "hash", text.hash


def in_an_inner_function(text):
    def number():
        return hash(text)

    return number()


def in_a_helper(text):
    return of_python(text)


@functools.cache
def cached(text):
    return hash(text)


def in_a_cached_helper(text):
    return cached(text)


def in_a_circle(text):
    return in_a_circle(hash(text))


@pytest.mark.parametrize(
    "function",
    [of_python, in_an_inner_function, in_a_helper, in_a_cached_helper, in_a_circle, cached],
)
def test_pythons_own_functions_are_found(function):
    assert builtins_of(function) == ["hash"]


@pytest.mark.parametrize("function", [local, in_a_comment, len, 3, None, functools.partial(local)])
def test_names_that_mean_something_else_are_not(function):
    assert builtins_of(function) == []


def test_a_name_that_the_notebook_has_bound_is_its_own():
    space = {}
    exec("def hash(text):\n    return 1\ndef side(text):\n    return hash(text)", space)
    assert builtins_of(space["side"]) == []

"""Code shared by explanations of images and of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.explain.answers import as_probabilities


class Explanation:
    """The contribution of each part of a sample to the probability of one class.

    A subclass is a dataclass with ``weights``, ``fit``, ``target``, ``probability`` and ``output``,
    and implements ``hide``.
    """

    #: What a part and the samples are called in messages.
    part: ClassVar[str] = "part"
    samples: ClassVar[str] = "samples"
    weights: np.ndarray
    fit: float
    target: int
    probability: float
    output: str

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(target={self.target}, probability={self.probability:.3f}, "
            f"fit={self.fit:.3f}, {len(self.weights)} {self.part}s)"
        )

    def ranked(self, n: int = 5) -> np.ndarray:
        """Find the n parts (segments or words) that support the target most.

        Parameters
        ----------
        n : int, at least 1
            Maximum number of parts; fewer are returned if fewer parts have a positive weight.

        Returns
        -------
        ndarray of int
            Indices of the parts, the most important first.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1.
        """
        check_count("n", n)
        order = np.argsort(-self.weights, kind="stable")[:n]
        return order[self.weights[order] > 0]

    @property
    def removable(self) -> np.ndarray:
        """The indices of the parts that a deletion test may hide."""
        return np.arange(len(self.weights))

    @property
    def changeable(self) -> np.ndarray:
        """The indices of the parts whose hiding changes the sample."""
        return np.arange(len(self.weights))

    def hide(self, parts: Iterable[int]) -> Any:
        """Hide some parts of the sample.

        Parameters
        ----------
        parts : iterable of int
            Indices of the parts.

        Returns
        -------
        ndarray or str
            The changed sample.

        Raises
        ------
        NotImplementedError
            If a subclass does not implement this method.
        """
        raise NotImplementedError

    def ask(self, predict: Callable, changed: Sequence) -> np.ndarray:
        """Run the network on changed samples.

        Parameters
        ----------
        predict : callable
            The network that was explained.
        changed : sequence of length n
            Images or texts from `hide`.

        Returns
        -------
        ndarray of shape (n,)
            The target's probability for each changed sample, from 0 to 1.

        Raises
        ------
        ValueError
            If the kind of output has changed since the explanation was made.
        """
        answers = predict(self._batch(changed))
        return as_probabilities(answers, len(changed), self.output, self.samples)[:, self.target]

    def _batch(self, changed: Sequence) -> Any:
        return changed

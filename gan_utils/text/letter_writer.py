"""Write texts letter by letter."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gan_utils._support.backend import tf
from gan_utils.text.sampling import SamplingSettings
from gan_utils.text.writing import Writer, WritingRequest


class LetterWriter(Writer):
    """Continue a prompt, letter by letter.

    Parameters
    ----------
    network : LanguageNetwork
        A network trained on letters, without labels.
    vocabulary : Vocabulary
        The vocabulary of the network's letters.
    """

    def write(
        self, prompt: str, start: str, request: WritingRequest, settings: SamplingSettings
    ) -> str | list[str]:
        """Write one text or several.

        Parameters
        ----------
        prompt : str
            The beginning of the texts.
        start : str
            The prompt as the network reads it, which contains only known letters.
        request : WritingRequest
            How much to write.
        settings : SamplingSettings
            How a letter is chosen.

        Returns
        -------
        str or list of str
            One text, or a list of texts if the request gives a number of texts. Each text begins
            with the prompt.
        """
        draws = self._draws(start, request, settings)
        if request.n_samples is None:
            return request.shown(self._pieces_of_text(prompt, draws))
        (numbers,) = draws
        return [prompt + "".join(self.vocabulary.decode(row)) for row in numbers]

    def _pieces_of_text(self, prompt: str, draws: Iterator[np.ndarray]) -> Iterator[str]:
        yield prompt
        yield from map("".join, self.decoded(draws))

    def _draws(
        self, start: str, request: WritingRequest, settings: SamplingSettings
    ) -> Iterator[np.ndarray]:
        numbers = self.vocabulary.encode(list(start or self._first_symbol()))
        logits, states = self.network(tf.constant(np.tile(numbers, (request.n, 1))))
        sampler = self.sampler(settings, self._step)
        return sampler.draw(logits[:, -1], states, request.length, request.seed(), request.at_once)

    def _first_symbol(self) -> str:
        return "\n" if "\n" in self.vocabulary else self.vocabulary.tokens[0]

    def _step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        return self.network.step(tokens, None, states)

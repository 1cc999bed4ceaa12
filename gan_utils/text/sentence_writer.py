"""Write short sentences with one generator of SentiGAN."""

from typing import Any

import numpy as np

from gan_utils._support.backend import tf
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.adversary import continue_sentences
from gan_utils.text.sentences import as_rows
from gan_utils.text.tokens import join_words
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.word_writer import finished

#: Number of sentences drawn per call; one fixed number lets all requests use one compiled loop.
_AT_A_TIME = 128


class SentenceWriter:
    """Draw sentences from a trained generator; all requests use the same compiled loop.

    Parameters
    ----------
    network : LanguageNetwork
        The generator, a network without labels.
    vocabulary : Vocabulary
        The vocabulary of the network's tokens.
    most_words : int
        Maximum number of words and punctuation marks in a sentence.
    """

    def __init__(self, network: LanguageNetwork, vocabulary: Vocabulary, most_words: int) -> None:
        self.network, self.vocabulary, self.most_words = network, vocabulary, most_words
        self._continued = tf.function(self._continue)

    def _continue(self, given: Any, n_given: Any, seed: Any, temperature: Any) -> Any:
        return continue_sentences(self.network, given, n_given, seed, temperature)

    def write(self, words: list[str], n: int, seed: int, temperature: float = 1.0) -> list[str]:
        """Write sentences that begin with given words.

        Parameters
        ----------
        words : list of str
            Fewer than ``most_words`` words, all of which must be known; the list may be empty.
        n : int
            Number of sentences. With the same seed, a larger request begins with the sentences of a
            smaller one.
        seed : int
            The seed; the same seed gives the same sentences.
        temperature : float, above 0
            A temperature of 1 leaves the generator's probabilities unchanged.

        Returns
        -------
        list of str
        """
        given = as_rows([words], self.vocabulary, self.most_words + 1)
        given, n_given = tf.tile(given, [_AT_A_TIME, 1]), tf.fill([_AT_A_TIME], len(words))
        rows: list[np.ndarray] = []
        for one in np.random.SeedSequence(seed).generate_state(-(-n // _AT_A_TIME)):
            key, heat = tf.constant([one, len(words)], tf.int64), tf.constant(float(temperature))
            rows.extend(self._continued(given, n_given, key, heat).numpy())
        decoded = (self.vocabulary.decode(row[: self.most_words]) for row in rows[:n])
        return [join_words(finished(tokens)) for tokens in decoded]

"""Language models: how probable a text is, and how it goes on.

================= ======================================================================
``ngrams``        `NgramModel`: the baseline that counts
``chars``         `CharLanguageModel`: an LSTM, letter by letter
``words``         `WordLanguageModel`: an LSTM, word by word, with opinions on request
``classic``       `ClassicCharModel`: the way of most tutorials, to compare with
``models``        what the two LSTM models have in common
``inputs``        what is given, checked at the door
``labels``        the labels of texts
``split``         what is learnt, and what is held out
``plan``          how long is trained, and who watches
``trainer``       the training step, and a look at held-out text
``reading``       how many bits each token of a text costs a network
``bits``          the measures that all language models share
``writing``       what is asked for, and what is kept between requests
``letter_writer`` writing letter by letter
``word_writer``   writing word by word, with a label
``sampling``      one token after the other, with temperature, top-k and top-p
``tokens``        a text to words and marks, and back
``vocabulary``    tokens to whole numbers and back
``gradients``     how far back a gradient reaches
================= ======================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "CharLanguageModel": "chars",
    "NgramModel": "ngrams",
    "Vocabulary": "vocabulary",
    "WordLanguageModel": "words",
    "gradient_reach": "gradients",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)

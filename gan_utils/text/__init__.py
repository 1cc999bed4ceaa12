"""Language models: how probable a text is, and how it goes on.

============== ==================================================================
``ngrams``     `NgramModel`: the baseline that counts
``chars``      `CharLanguageModel`: an LSTM, letter by letter
``words``      `WordLanguageModel`: an LSTM, word by word, with opinions on request
``models``     what the two have in common
``trainer``    the training step, and what is held out
``sampling``   one token after the other, with temperature, top-k and top-p
``tokens``     a text to words and marks, and back
``vocabulary`` tokens to whole numbers and back
``gradients``  how far back a gradient reaches
============== ==================================================================
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

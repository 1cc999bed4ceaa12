"""Language models: how probable a text is, and how it goes on.

============== ==================================================================
``ngrams``     `NgramModel`: the baseline that counts
``chars``      `CharLanguageModel`: an LSTM, letter by letter
``words``      `WordLanguageModel`: an LSTM, word by word, with opinions on request
``model``      what the two have in common
``training``   the training step, and what is held out
``sampling``   one token after the other, with temperature, top-k and top-p
``vocabulary`` tokens to whole numbers and back
``gradients``  how far back a gradient reaches
============== ==================================================================
"""

from gan_utils.lazy import lazy_names

_HOMES = {
    "CharLanguageModel": "chars",
    "NgramModel": "ngrams",
    "Vocabulary": "vocabulary",
    "WordLanguageModel": "words",
    "gradient_reach": "gradients",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)

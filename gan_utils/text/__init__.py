"""Language models: how probable a text is, and how it continues.

=================== =====================================================================
``ngrams``          `NgramModel`: the baseline, which counts n-grams
``followers``       counts of what followed each history, as sorted arrays
``chars``           `CharLanguageModel`: an LSTM, letter by letter
``words``           `WordLanguageModel`: an LSTM, word by word, with an optional sentiment
``classic``         `ClassicCharModel`: the model in most tutorials, for comparison
``sentigan``        `SentiGAN`: short sentences learnt in a game, one generator per label
``game``            SentiGAN's training steps
``adversary``       rollouts, and the penalty of each word
``sentences``       short sentences: cut from longer texts, turned into rows of numbers
``sentence_writer`` writing short sentences
``models``          what the two LSTM models have in common
``inputs``          checks of the inputs
``labels``          the labels of texts
``split``           splits texts into training and held-out parts
``plan``            how long to train, and with which callbacks
``trainer``         the training step, and the check on held-out text
``reading``         how many bits each token of a text costs a network
``bits``            the measures that all language models share
``writing``         a request for texts, and what is kept between requests
``letter_writer``   writing letter by letter
``word_writer``     writing word by word, with a label
``sampling``        draws one token after another, with temperature, top-k and top-p
``tokens``          splits a text into words and marks, and joins them
``vocabulary``      tokens to whole numbers and back
``gradients``       how far back a gradient reaches
=================== =====================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "CharLanguageModel": "chars",
    "NgramModel": "ngrams",
    "SentiGAN": "sentigan",
    "Vocabulary": "vocabulary",
    "WordLanguageModel": "words",
    "gradient_reach": "gradients",
    "short_sentences": "sentences",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)

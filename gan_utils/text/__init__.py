"""Language models, which estimate how probable a text is and how it continues.

=================== =====================================================================
``ngrams``          `NgramModel`: the baseline, which counts n-grams
``followers``       counts of the tokens that follow each history, in sorted arrays
``chars``           `CharLanguageModel`: an LSTM for letters
``words``           `WordLanguageModel`: an LSTM for words, with optional labels
``classic``         `ClassicCharModel`: the model in most tutorials, for comparison
``sentigan``        `SentiGAN`: a GAN for short sentences, with one generator per label
``game``            SentiGAN's training steps
``adversary``       rollouts, and the penalty of each word
``sentences``       cuts short sentences from texts and turns them into rows of numbers
``sentence_writer`` writing short sentences
``models``          the base class of the two LSTM models
``inputs``          checks of the inputs
``labels``          the labels of texts
``split``           splits texts into training and held-out parts
``plan``            how long to train, and with which callbacks
``trainer``         the training step, and the check on held-out text
``reading``         the number of bits that each token of a text costs a network
``bits``            the measures that all language models share
``writing``         requests for texts, with compiled loops reused between requests
``letter_writer``   writing letter by letter
``word_writer``     writing word by word, with a label
``sampling``        draws one token after another, with temperature, top-k and top-p
``tokens``          splits a text into words and marks, and joins them
``vocabulary``      converts tokens to whole numbers and back
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

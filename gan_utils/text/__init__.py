"""Language models, which estimate how probable a text is and how it continues.

=================== =====================================================================
``ngrams``          `NgramModel`: the baseline, which counts n-grams
``followers``       counts of the tokens that follow each history, in sorted arrays
``chars``           `CharLanguageModel`: an LSTM for letters
``words``           `WordLanguageModel`: an LSTM for words, with optional labels
``classic``         `ClassicCharModel`: the model in most tutorials, for comparison
``sentigan``        `SentiGAN`: a GAN for short sentences, with one generator per label
``game``            SentiGAN's training steps
``adversary``       SentiGAN's rollouts, and the penalty of each generated word
``sentences``       short sentences, cut from texts and turned into rows of numbers
``sentence_writer`` code that writes short sentences
``models``          the base class of the two LSTM models
``inputs``          checks of the inputs
``labels``          the labels of texts
``split``           the split of texts into training and held-out parts
``plan``            settings for training, such as the number of epochs
``trainer``         the training step, and the evaluation on held-out text
``reading``         the number of bits that a network needs for each token of a text
``bits``            bits per token and perplexity, for all language models
``writing``         code that answers requests for texts and reuses compiled loops
``letter_writer``   code that writes texts letter by letter
``word_writer``     code that writes texts word by word, with a label
``sampling``        random draws of tokens, with temperature, top-k and top-p
``tokens``          functions that split a text into words, and rejoin the words
``vocabulary``      conversion of tokens to whole numbers and back
``gradients``       a measure of how far back a gradient reaches
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

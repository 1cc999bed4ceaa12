"""The doors for text: language models, words and measures."""

import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import strategies as drawn

from doors import Broken, Door, keep

SMALL = {"units": 4, "embedding_dim": 4, "window": 4, "batch_size": 2}
ONE_STEP = {"epochs": 1, "steps_per_epoch": 1, "verbose": 0}
#: Whether a model is trained a second time, to compare.
TWICE = st.sampled_from([True, False, False, False])
LETTERS = {"L", "M", "N"}


@st.composite
def corpora(draw: st.DrawFn) -> Any:
    """Draw what a letter model learns: a long text mostly, or a list of texts."""
    text = draw(drawn.prose() | drawn.prose() | drawn.texts(60))
    form = draw(
        st.sampled_from(
            ["text"] * 6 + ["texts", "repeated"] + ["texts", "repeated", "tuple", "bytes", "none"]
        )
    )
    forms = {
        "text": lambda: text,
        "repeated": lambda: text * 9,
        "texts": lambda: [text, draw(drawn.texts(20))],
        "tuple": lambda: (text,) * 3,
        "bytes": lambda: text.encode("utf-8", "ignore"),
        "none": lambda: [text, None],
    }
    return forms[form]()


HELD_OUT = st.sampled_from(
    [*[True] * 6, *[False] * 3, None, "the film", "a", "", ["the film was"], 0.1]
)
PROMPTS = st.sampled_from([*[""] * 8, "the", "T", None, "\x00", "猫", "\ud800", "\u0301"])


def _check_model(model: Any, again: Any, generate: Callable, folder: str) -> str:
    """Check what every language model promises, and that a saved one writes the same."""
    keep(np.isfinite(model.history_["bits"]).all(), "bits are not finite")
    written = generate(model)
    keep(written == generate(model), "one seed, two texts")
    keep(again is None or written == generate(again), "trained twice, two texts")
    path = Path(folder, "model.zip")
    try:
        model.save(path)
        loaded = type(model).load(path)
    except Exception as error:
        raise Broken(f"save or load: {error!r}") from error
    keep(written == generate(loaded), "loaded, it writes another text")
    return written


def _chars(example: tuple[Any, Any, str | None, dict, bool]) -> None:
    from gan_utils.text import CharLanguageModel

    text, held_out, prompt, settings, twice = example

    def fitted() -> Any:
        return CharLanguageModel(**SMALL, **settings).fit(text, held_out, **ONE_STEP)

    try:
        model = fitted()
    except Exception:
        keep(not _is_usual(text, held_out), "a usual text is refused")
        raise
    with tempfile.TemporaryDirectory() as folder:
        written = _check_model(
            model,
            fitted() if twice else None,
            lambda m: m.generate(prompt, 5, random_state=0),
            folder,
        )
    keep(len(written) == len(prompt) + 5, f"{len(written)} letters")
    keep(set(written[len(prompt) :]) <= set(model.symbols_), "letters that it never saw")
    if isinstance(text, str) and held_out in (False, None):
        bits = model.bits_per_token(text)
        keep(np.isfinite(bits) and bits >= 0, f"{bits} bits")


def _is_usual(text: Any, held_out: Any) -> bool:
    """Tell whether a letter model must learn a text with its default settings."""
    usual = isinstance(text, str) and held_out is True and len(text) >= 60
    return usual and len(set(text)) > 1 and not any("\ud800" <= c <= "\udfff" for c in text)


@st.composite
def collections(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Draw texts, their labels, and labels to ask for."""
    least = draw(st.sampled_from([1, 12, 12, 12]))
    texts = draw(st.lists(drawn.prose() | drawn.texts(20), min_size=least, max_size=14))
    labelled = draw(st.sampled_from(["none", "none", "some", "some", "short", "text"]))
    kinds = draw(
        st.sampled_from([[0, 1], [0, 1], ["a", "b"], [True, False], ["", "é"], [1], [None, 1]])
    )
    if labelled == "none":
        return texts, None, draw(st.sampled_from([None, None, None, 0]))
    n = len(texts) - (labelled == "short")
    chosen = [kinds[i % len(kinds)] for i in range(n)]
    if labelled == "text":
        return draw(st.sampled_from([texts[0], " ".join(texts)])), chosen, None
    asked = draw(st.sampled_from([*kinds, *kinds, None, "never seen"]))
    return texts, draw(st.sampled_from([chosen, np.array(chosen)])), asked


@st.composite
def labelled_sentences(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Draw short sentences, their labels, and a label to ask for: in three of four all is sound."""
    if not draw(st.integers(0, 3)):
        return draw(collections())
    pieces = st.lists(st.sampled_from(drawn.PIECES), max_size=5)
    texts = draw(st.lists(pieces.map(lambda p: " ".join(["film", *p])), min_size=4, max_size=14))
    kinds = draw(st.sampled_from([[0, 1], ["a", "b"], [True, False], ["", "é"], [2, 3, 5]]))
    labels = [kinds[i % len(kinds)] for i in range(len(texts))]
    chosen = draw(st.sampled_from([labels, np.array(labels)]))
    return texts, chosen, draw(st.sampled_from([*kinds, None]))


def _words(example: tuple[tuple[Any, Any, Any], bool, str, bool]) -> None:
    from gan_utils.text import WordLanguageModel

    (texts, labels, asked), held_out, prompt, twice = example
    settings = {**SMALL, "n_words": 60, "pretrained": False, "candidates": None}

    def fitted() -> Any:
        return WordLanguageModel(**settings).fit(texts, labels, held_out, **ONE_STEP)

    model = fitted()

    def generate(one: Any) -> str:
        return one.generate(prompt, 5, random_state=0, label=asked)

    with tempfile.TemporaryDirectory() as folder:
        written = _check_model(model, fitted() if twice else None, generate, folder)
    keep(isinstance(written, str), f"a {type(written).__name__}")
    whole = texts if isinstance(texts, str) else texts[0]
    bits = model.bits_per_token([whole], None if asked is None else [asked])
    keep(np.isfinite(bits) and bits >= 0, f"{bits} bits")


def _sentences(example: tuple[Any, Any, Any]) -> None:
    from gan_utils.text import SentiGAN

    texts, labels, asked = example
    if isinstance(texts, list):
        texts = [" ".join(text.split()[:6]) for text in texts]
    settings = {"units": 4, "embedding_dim": 4, "filters": 2, "batch_size": 2, "n_words": 60}
    model = SentiGAN(**settings, most_words=12, n_rollouts=1, n_places=1, pretrained=False)
    model.fit(texts, labels, likelihood_steps=1, first_steps=1, rounds=1, verbose=0)
    written = model.generate(label=asked, random_state=0)
    keep(isinstance(written, str) and written.strip(), f"it wrote {written!r}")
    keep(written == model.generate(label=asked, random_state=0), "one seed, two texts")
    shares = model.class_probabilities(texts).to_numpy()
    keep(np.allclose(shares.sum(axis=1), 1, atol=1e-4), "probabilities do not add up to 1")


def _ngrams(example: tuple[Any, str | None, dict, float]) -> None:
    from gan_utils.text import NgramModel

    text, prompt, settings, temperature = example
    model = NgramModel(**settings).fit(text)
    shares = model.probabilities(prompt)
    keep(
        np.isclose(shares.sum(), 1) and (shares >= 0).all(), f"probabilities sum to {shares.sum()}"
    )
    written = model.generate(prompt, 5, temperature=temperature, random_state=0)
    keep(written == model.generate(prompt, 5, temperature=temperature, random_state=0), "one seed")
    if settings["level"] == "char":
        keep(written.startswith(prompt), "the prompt is lost")
    bits = model.bits_per_token(text)
    keep(np.isfinite(bits) and bits >= 0, f"{bits} bits")


NGRAMS = st.tuples(
    corpora(),
    PROMPTS,
    st.fixed_dictionaries(
        {"order": st.integers(1, 4), "level": st.sampled_from(["char", "word"])},
        optional={"most": st.integers(1, 3), "lowercase": st.booleans()},
    ),
    st.sampled_from([1.0, 0.5, 2.0, 0.001, 1e-9, 1e9]),
)


def letters(text: str) -> list[str]:
    """List the letters, marks and digits of a text, whatever their case and composition."""
    plain = unicodedata.normalize("NFKC", text.casefold())
    return [
        c
        for c in unicodedata.normalize("NFKC", plain.casefold())
        if unicodedata.category(c)[0] in LETTERS
    ]


def _split(text: str) -> None:
    from gan_utils.text.tokens import join_words, split_words

    words = split_words(text)
    keep(all(isinstance(word, str) and word for word in words), "an empty word")
    keep(not any(any(c.isspace() for c in word) for word in words), "white space in a word")
    keep(letters(" ".join(words)) == letters(text), "letters or marks are lost")
    torn = [word for word in words[1:] if unicodedata.category(word[0])[0] == "M"]
    keep(not torn or any(c.isspace() for c in text), f"a mark torn from its letter: {torn}")
    joined = join_words(words)
    keep(split_words(joined) == words, f"joined as {joined!r}, the words are others")


TEXT_LISTS = st.lists(drawn.texts(), max_size=6) | drawn.texts()


def _measures(example: tuple[Any, Any, int, str]) -> None:
    from gan_utils import metrics as measures

    texts, training, n, level = example
    refused = 0
    calls: list[tuple[Callable, tuple]] = [
        (measures.distinct_n, (texts, n)),
        (measures.repeat_rate, (texts, n)),
        (measures.self_bleu, (texts, n)),
        (measures.copy_rate, (texts, training, n, level)),
        (measures.ended_share, (texts,)),
        (measures.jaccard_diversity, (texts,)),
        (measures.jaccard_novelty, (texts, training)),
    ]
    for measure, given in calls:
        try:
            value = measure(*given)
        except ValueError as error:  # a text may be too short for one measure and not for another
            refused += 1
            last = error
            continue
        keep(0 <= value <= 1 + 1e-9, f"{measure.__name__} is {value}")
    run = measures.longest_copied_run(texts, training, level)
    keep(run.length >= 0, f"length {run.length}")
    keep((measures.sentence_lengths(texts) >= 0).all(), "a negative length")
    if refused == len(calls):
        raise last


DOORS = [
    Door(
        "CharLanguageModel",
        st.tuples(
            corpora(),
            HELD_OUT,
            PROMPTS,
            st.fixed_dictionaries({"lowercase": st.booleans()}),
            TWICE,
        ),
        _chars,
        slow=True,
        tensorflow=True,
    ),
    Door(
        "WordLanguageModel",
        st.tuples(
            collections(),
            st.sampled_from([True, True, False]),
            st.sampled_from(["", "", "", "The", "猫", "\ud800"]),
            TWICE,
        ),
        _words,
        slow=True,
        tensorflow=True,
    ),
    Door("SentiGAN", labelled_sentences(), _sentences, slow=True, tensorflow=True),
    Door("NgramModel", NGRAMS, _ngrams),
    Door("split_words, join_words", drawn.texts(), _split),
    Door(
        "text measures",
        st.tuples(TEXT_LISTS, TEXT_LISTS, st.integers(1, 8), st.sampled_from(["word", "char"])),
        _measures,
    ),
]

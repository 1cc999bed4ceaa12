"""Check the exercises of lesson 13 (SentiGAN).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

from collections.abc import Callable

import numpy as np

from gan_utils.course.exercises import ask, number, several_numbers


def _check_penalties(function: Callable) -> str | None:
    """13.1: the penalties of words, from the discriminator's judgements of their rollouts."""
    shares = np.array([[0.9, 0.5, 0.4], [0.2, 0.1, 0.0]])
    answer = ask(function, shares.copy())
    right = 1 - shares.mean(axis=1)
    if np.shape(answer) == (3,):
        return "you averaged over the words: average over the rollouts of each word, axis=1"
    if np.shape(answer) == ():
        return "that is one number for all words: return one for each word, with axis=1"
    answer = several_numbers(answer, 2, "word")
    if np.allclose(answer, shares.mean(axis=1)):
        return "that is high where the sentence passes as real: the penalty is 1 minus it"
    if np.allclose(answer, (1 - shares).sum(axis=1)):
        return "that is the sum over the rollouts: divide by their number"
    if np.allclose(answer, 1 - shares.max(axis=1)) or np.allclose(answer, 1 - shares.min(axis=1)):
        return "that is a single rollout, the best or the worst one: all of them count alike"
    if not np.allclose(answer, right):
        return "what does the discriminator say against each rollout, and how do you sum it up?"
    return None


def _check_gradient(function: Callable) -> str | None:
    """13.2: the gradient of G(word) V with respect to the logits."""
    shares, word, penalty = np.array([0.5, 0.3, 0.2]), 1, 0.8
    one = np.eye(3)[word]
    right = penalty * shares[word] * (one - shares)
    answer = several_numbers(ask(function, shares.copy(), word, penalty), 3, "word")
    if np.allclose(answer, penalty * (one - shares)):
        return (
            "that is the gradient of log G times V: the objective has G itself, not its logarithm"
        )
    if np.allclose(answer, -right):
        return "the sign is wrong: it is the gradient of what is minimised"
    if np.allclose(answer, right / penalty):
        return "where is the penalty? It multiplies everything"
    if np.allclose(answer, penalty * shares[word] * one):
        return "raising one logit lowers the probability of every other word too: subtract G"
    if np.allclose(answer, penalty * shares * (1 - shares)):
        return "that is the derivative of each word's own probability; only G(word) is in the loss"
    if not np.allclose(answer, right):
        return "use the hint for G(word): one case for the word itself, another for all other words"
    return None


def _check_novelty(function: Callable) -> str | None:
    """13.3: one minus the largest Jaccard similarity with a training sentence."""
    sentence = ["a", "great", "great", "film", "."]
    training = [["a", "dull", "film", "."], ["great", "!"], ["so", "what", "?"]]
    answer = number(
        ask(function, list(sentence), [list(words) for words in training]), "the novelty"
    )
    alike = np.array([3 / 5, 1 / 5, 0])
    if np.isclose(answer, alike.max()):
        return "that is the similarity with the closest sentence: novelty is 1 minus it"
    if np.isclose(answer, 1 - alike.mean()):
        return "that is the mean over the training sentences: take the most similar one"
    if np.isclose(answer, 1 - alike.min()):
        return "take the most similar training sentence, not the least similar one"
    if np.isclose(answer, 1 - 3 / 6):
        return "count each word once: a repeated word is in the set only once"
    if np.isclose(answer, 1 - 3 / 4):
        return "divide by the number of words that are in at least one of the two sentences"
    if not np.isclose(answer, 1 - alike.max()):
        return "how alike are the words of the sentence and of its most similar training sentence?"
    return None


CHECKS = {"13.1": _check_penalties, "13.2": _check_gradient, "13.3": _check_novelty}

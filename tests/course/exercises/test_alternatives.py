"""Right answers that are written in another way than the solutions are accepted."""

import hashlib
import importlib
import math
import statistics
import zlib
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import signal, special, stats
from scipy.spatial.distance import cdist
from sklearn import metrics
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import NearestNeighbors

from gan_utils.course.exercises import DONE, verdict


def with_counts(matrix, k):
    hits = matrix[k][k]
    false_alarms, missed = sum(matrix[:, k]) - hits, sum(matrix[k]) - hits
    return float(hits / (hits + false_alarms)), float(hits / (hits + missed))


def with_labels(matrix, k):
    truth, said = np.indices(matrix.shape).reshape(2, -1).repeat(matrix.ravel(), axis=1)
    scores = metrics.precision_recall_fscore_support(truth == k, said == k, average="binary")
    return scores[:2]


def with_statistics(method, baseline):
    gain = [a - b for a, b in zip(method, baseline, strict=True)]
    error = statistics.stdev(gain) / len(gain) ** 0.5
    reach = stats.t(len(gain) - 1).isf(0.025) * error
    return statistics.fmean(gain) - reach, statistics.fmean(gain) + reach


def with_ttest(method, baseline):
    return tuple(stats.ttest_rel(method, baseline).confidence_interval())


def by_rows(sampler, X, y, train, test):
    filled, labels = sampler.fit_resample(X.take(train, axis=0), y.take(train))
    return [filled, labels, X.take(test, axis=0), y.take(test)]


def by_mask(sampler, X, y, train, test):
    is_train = np.isin(np.arange(len(X)), train)
    return *sampler.fit_resample(X[is_train], y[is_train]), X[~is_train], y[~is_train]


def as_lists(sampler, X, y, train, test):
    filled = sampler.fit_resample(np.array([X[i] for i in train]), np.array([y[i] for i in train]))
    return *(part.tolist() for part in filled), X[list(test)].tolist(), y[list(test)].tolist()


def packs_by_loop(rows, k):
    return [list(np.concatenate(rows[i : i + k])) for i in range(0, len(rows) - k + 1, k)]


def packs_by_columns(rows, k):
    n = len(rows) // k
    return np.hstack([rows[i : n * k : k] for i in range(k)])


def packs_by_split(rows, k):
    rows = rows[: len(rows) - len(rows) % k]
    return np.stack([part.ravel() for part in np.split(rows, len(rows) // k)])


def modes_by_loop(points, centres, near, least):
    return len([c for c in centres if sum(math.dist(c, p) <= near for p in points) >= least])


def stamped_by_pixel(small, kernel, stride):
    side = kernel.shape[0]
    rows, columns = ((n - 1) * stride + side for n in small.shape)
    large = [[0.0] * columns for _ in range(rows)]
    for i, row in enumerate(small):
        for j, number in enumerate(row):
            for a in range(side):
                for b in range(side):
                    large[i * stride + a][j * stride + b] += number * kernel[a, b]
    return large


def stamped_by_convolution(small, kernel, stride):
    wide = np.zeros([(n - 1) * stride + 1 for n in small.shape])
    wide[::stride, ::stride] = small
    return signal.convolve2d(wide, kernel)


def stamped_by_product(small, kernel, stride):
    large = np.zeros([(n - 1) * stride + len(kernel) for n in small.shape])
    for a, b in np.ndindex(kernel.shape):
        ends = [stride * n for n in small.shape]
        large[a : a + ends[0] : stride, b : b + ends[1] : stride] += kernel[a, b] * small
    return large


def average_by_powers(weights, momentum):
    powers = momentum ** np.arange(len(weights))[::-1]
    shares = np.r_[powers[0], (1 - momentum) * powers[1:]]
    return shares @ weights


def average_in_place(weights, momentum):
    average = np.array(weights[0])
    for step in range(1, len(weights)):
        average += (1 - momentum) * (weights[step] - average)
    return average


def nearest_by_neighbours(generated, training):
    flat = (images.reshape(len(images), -1) for images in (training, generated))
    finder = NearestNeighbors(n_neighbors=1).fit(next(flat))
    distances, places = finder.kneighbors(next(flat))
    return places[:, 0], distances[:, 0]


def nearest_by_norm(generated, training):
    apart = np.linalg.norm((generated[:, None] - training).reshape(3, 6, -1), axis=-1)
    return apart.argmin(1), apart.min(1)


def nearest_by_cdist(generated, training):
    apart = cdist(generated.reshape(len(generated), -1), training.reshape(len(training), -1))
    places = np.argmin(apart, axis=1)
    return [places.tolist(), [apart[row, place] for row, place in enumerate(places)]]


def surrogate_by_lstsq(masks, answers, closeness):
    table = np.column_stack([masks, np.ones(len(masks))])
    root = np.sqrt(closeness)
    return np.linalg.lstsq(table * root[:, None], answers * root, rcond=None)[0][:-1]


def surrogate_by_normal_equations(masks, answers, closeness):
    table = np.hstack([np.ones((len(masks), 1)), masks])
    return np.linalg.solve(table.T * closeness @ table, table.T @ (closeness * answers))[1:]


def surrogate_by_means(masks, answers, closeness):
    centred = masks - np.average(masks, axis=0, weights=closeness)
    model = LinearRegression(fit_intercept=False)
    return model.fit(centred, answers, closeness).coef_.tolist()


def deletion_by_loop(image, segments, weights, predict, k):
    hidden = np.array(image)
    for segment in sorted(range(len(weights)), key=lambda s: weights[s], reverse=True)[:k]:
        hidden[segments == segment] = 0
    return predict(np.array([image]))[0] - predict(np.array([hidden]))[0]


def deletion_in_one_batch(image, segments, weights, predict, k):
    top = np.argpartition(weights, -k)[-k:]
    before, after = predict(np.stack([image, np.where(np.isin(segments, top), 0, image)]))
    return before - after


def deletion_by_ranks(image, segments, weights, predict, k):
    ranks = stats.rankdata(-weights)
    kept = image * (ranks > k)[segments]
    return float(predict(image[np.newaxis])[0]) - float(predict(kept[np.newaxis])[0])


def step_by_slices(x, h, c, W, U, b):
    z, n = x.dot(W) + h.dot(U) + b, len(h)
    gates = special.expit(z)
    new = gates[n : 2 * n] * c + gates[:n] * np.tanh(z[2 * n : 3 * n])
    return gates[3 * n :] * np.tanh(new), new


def step_by_units(x, h, c, W, U, b):
    z = (np.concatenate([x, h]) @ np.vstack([W, U]) + b).reshape(4, -1)
    i, f, o = (0.5 * (1 + np.tanh(part / 2)) for part in (z[0], z[1], z[3]))
    c = f * c + i * np.tanh(z[2])
    return o * np.tanh(c), c


def step_by_lists(x, h, c, W, U, b):
    z = [sum(x * W[:, j]) + sum(h * U[:, j]) + b[j] for j in range(8)]
    s = [1 / (1 + math.exp(-value)) for value in z]
    new_c = [s[2 + j] * c[j] + s[j] * math.tanh(z[4 + j]) for j in (0, 1)]
    return np.array([[s[6 + j] * math.tanh(new_c[j]) for j in (0, 1)], new_c])


def nucleus_by_loop(probabilities, p):
    kept, total = np.zeros(len(probabilities)), 0.0
    for place in sorted(range(len(probabilities)), key=lambda i: -probabilities[i]):
        if total >= p - 1e-12:
            break
        kept[place] = probabilities[place]
        total += probabilities[place]
    return kept / kept.sum()


def nucleus_by_threshold(probabilities, p):
    down = np.sort(probabilities)[::-1]
    smallest = down[np.argmax(np.cumsum(down) >= p - 1e-9)]
    kept = np.where(probabilities >= smallest, probabilities, 0)
    return list(kept / kept.sum())


def nucleus_by_series(probabilities, p):
    down = pd.Series(probabilities).sort_values(ascending=False)
    kept = down[down.cumsum().shift(fill_value=0) < p - 1e-9]
    return (kept / kept.sum()).reindex(range(len(probabilities)), fill_value=0).to_numpy()


def side_by_hash(name):
    def side(text, share):
        digest = hashlib.new(name, " ".join(text.casefold().split()).encode()).digest()
        return "test" if int.from_bytes(digest[:8], "big") < share * 2**64 else "train"

    return side


def side_by_remainder(text, share):
    number = zlib.adler32(hashlib.md5("".join(text.lower().split()).encode()).digest())
    return ("train", "test")[number % 10_007 < share * 10_007]


def ratio_by_loop(counts, labels):
    p, q = np.ones(counts.shape[1]), np.ones(counts.shape[1])
    for row, label in zip(counts, labels, strict=True):
        (p if label else q)[:] += row
    return [math.log(a / sum(p)) - math.log(b / sum(q)) for a, b in zip(p, q, strict=True)]


def ratio_by_product(counts, labels):
    sums = np.array([labels, 1 - labels]) @ counts + 1.0
    shares = np.log(sums) - np.log(sums.sum(axis=1, keepdims=True))
    return shares[0] - shares[1]


def ratio_by_groups(counts, labels):
    sums = pd.DataFrame(counts).groupby(labels).sum() + 1
    return np.log(sums.loc[1] / sums.loc[1].sum() / (sums.loc[0] / sums.loc[0].sum())).to_numpy()


def interval_by_normal(right_a, right_b):
    d = np.subtract(right_a, right_b, dtype=float)
    return stats.norm.interval(0.95, d.mean(), stats.sem(d))


def interval_by_counts(right_a, right_b):
    n, ours, theirs = len(right_a), sum(right_a & ~right_b), sum(right_b & ~right_a)
    mean = (ours - theirs) / n
    reach = 1.96 * math.sqrt(((ours + theirs) / n - mean**2) / n)
    return np.array([mean - reach, mean + reach])


def interval_by_bootstrap(right_a, right_b):
    d = right_a.astype(int) - right_b.astype(int)
    means = np.random.default_rng(0).choice(d, (4000, len(d))).mean(axis=1)
    return d.mean() - 1.96 * means.std(), d.mean() + 1.96 * means.std()


def opinion_by_logs(negative, positive, prior):
    ends = np.log(prior) + positive.sum(), np.log1p(-prior) + negative.sum()
    return np.exp(ends[0] - np.logaddexp(*ends))


def opinion_by_softmax(negative, positive, prior):
    logs = [np.sum(negative) + math.log(1 - prior), np.sum(positive) + math.log(prior)]
    return special.softmax(logs)[1]


def repeats_by_set(words, n):
    seen, repeated, total = set(), 0, 0
    for i in range(len(words) - n + 1):
        gram = " ".join(words[i : i + n])
        repeated, total = repeated + (gram in seen), total + 1
        seen.add(gram)
    return repeated / total if total else 0


def repeats_by_counter(words, n):
    counts = Counter(zip(*(words[i:] for i in range(n)), strict=False))
    return sum(c - 1 for c in counts.values()) / max(sum(counts.values()), 1)


def repeats_by_pandas(words, n):
    grams = pd.Series(
        [tuple(words[i : i + n]) for i in range(max(len(words) - n + 1, 0))], dtype=object
    )
    return grams.duplicated().mean() if len(grams) else 0.0


def average_by_rule(odds_of):
    def corrected(p, in_training, in_truth):
        odds = odds_of(p) * odds_of(in_truth) / odds_of(in_training)
        return odds / (1 + odds)

    return corrected


def gradient_by_loop(probabilities, word, penalty):
    own = probabilities[word]
    others = [-penalty * own * share for share in probabilities]
    return [*others[:word], penalty * own * (1 - own), *others[word + 1 :]]


def gradient_by_matrix(probabilities, word, penalty):
    slopes = np.diag(probabilities) - np.outer(probabilities, probabilities)
    return penalty * slopes[word]


def gradient_in_place(probabilities, word, penalty):
    result = -probabilities * probabilities[word]
    result[word] += probabilities[word]
    return result * penalty


def novelty_by_counts(sentence, training):
    closest = 0.0
    for words in training:
        both = sum(word in words for word in dict.fromkeys(sentence))
        either = len(dict.fromkeys([*sentence, *words]))
        closest = max(closest, both / either)
    return 1 - closest


def novelty_by_distance(sentence, training):
    def distance(words):
        return len(set(sentence) ^ set(words)) / len(set(sentence) | set(words))

    return min(map(distance, training))


def novelty_by_table(sentence, training):
    known = sorted({word for words in [sentence, *training] for word in words})
    rows = np.array([[word in words for word in known] for words in [sentence, *training]])
    return cdist(rows[:1], rows[1:], "jaccard").min()


def cost_by_shape(side, before, after):
    kernels = np.zeros((4, 4, after, before))
    return [kernels.size + after, math.prod([*kernels.shape, side, side])]


def squares_by_loop(images, part):
    n, side, _, channels = images.shape
    means = np.empty((n, side // part, side // part, channels))
    for i, j in np.ndindex(means.shape[1:3]):
        square = images[:, i * part : (i + 1) * part, j * part : (j + 1) * part]
        means[:, i, j] = square.mean(axis=(1, 2))
    return means


def squares_by_steps(images, part):
    shifts = [images[:, i::part, j::part] for i, j in np.ndindex(part, part)]
    return sum(shifts) / part**2


def squares_by_reduce(images, part):
    starts = np.arange(0, images.shape[1], part)
    rows = np.add.reduceat(images, starts, axis=1)
    return (np.add.reduceat(rows, starts, axis=2) / part**2).tolist()


ALTERNATIVES = {
    "01.1": [with_counts, with_labels, lambda m, k: [m[k, k] / m.T[k].sum(), m[k, k] / sum(m[k])]],
    "01.2": [(1 / np.sqrt(4), 1), (0.5, 0.98), (np.array([0.5]), np.float32(1.0))],
    "01.3": [
        with_statistics,
        with_ttest,
        lambda a, b: stats.t.interval(0.95, len(a) - 1, (a - b).mean(), stats.sem(a - b)),
    ],
    "02.1": [
        lambda p: -np.mean(np.log(p)),
        lambda p: sum(math.log(1 / value) for value in p) / len(p),
        lambda p: np.array([metrics.log_loss(np.ones(len(p)), p, labels=[0, 1])]),
    ],
    "02.2": [packs_by_loop, packs_by_columns, packs_by_split],
    "03.1": [
        lambda m, v: -0.5 * np.sum(1 + v - m**2 - np.exp(v), axis=-1),
        lambda m, v: [
            sum((a * a + math.exp(b) - b - 1) / 2 for a, b in zip(*r, strict=True))
            for r in zip(m, v, strict=True)
        ],
        lambda m, v: (np.square(m) + np.expm1(v) - v) @ np.full(m.shape[1], 0.5),
    ],
    "03.2": [(0.9, 0.5), (np.float64(1.0), 0.45), (0.8, np.array(0.55))],
    "03.3": [by_rows, by_mask, as_lists],
    "04.1": [
        lambda missed, alarm: 1 / (1 + missed / alarm),
        lambda missed, alarm: alarm / missed / (1 + alarm / missed),
        lambda missed, alarm: 1 - missed / np.add(missed, alarm),
    ],
    "04.2": [
        lambda g, a, b: statistics.stdev(g) * math.sqrt(1 / len(g) + a / b),
        lambda g, a, b: (np.var(g, ddof=1) / len(g) + np.var(g, ddof=1) * a / b) ** 0.5,
        lambda g, a, b: stats.sem(g) * np.sqrt(1 + len(g) * a / b),
    ],
    "04.3": [
        average_by_rule(lambda p: p / (1 - p)),
        lambda p, a, b: special.expit(special.logit(p) - special.logit(a) + special.logit(b)),
        lambda p, a, b: p * b / a / (p * b / a + (1 - p) * (1 - b) / (1 - a)),
    ],
    "05.1": [
        lambda p, q: 1 / (1 + q / np.maximum(p, 1e-300)),
        lambda p, q: np.divide(p, np.add(p, q)).tolist(),
        lambda p, q: 1 - q / (p + q),
    ],
    "05.2": [
        lambda g: ((g - 127.5) / 127.5).astype("float32")[..., np.newaxis],
        lambda g: np.expand_dims(np.float32(2) * g.astype(np.float32) / np.float32(255) - 1, -1),
        lambda g: np.interp(g, [0, 255], [-1, 1]).astype("float32").reshape(*g.shape, 1),
    ],
    "05.3": [
        lambda a, b: len([1 for x, y in zip(a, b, strict=True) if (x != y).any()]),
        lambda a, b: np.sum([np.abs(y - x).max() > 0 for x, y in zip(a, b, strict=True)]),
        lambda a, b: len(a) - sum((x == y).all() for x, y in zip(a, b, strict=True)),
    ],
    "06.1": [
        modes_by_loop,
        lambda p, c, near, least: np.sum(np.sum(cdist(p, c) <= near, axis=0) >= least),
        lambda p, c, near, least: sum(
            (((p - one) ** 2).sum(axis=1) <= near**2).sum() >= least for one in c
        ),
    ],
    "06.2": [
        lambda x: np.exp(-cdist(x, x, "cityblock")).mean(axis=0),
        lambda x: [np.mean([math.exp(-abs(a - b).sum()) for b in x]) for a in x],
        lambda x: metrics.pairwise.laplacian_kernel(x, gamma=1).sum(axis=1) / len(x),
    ],
    "06.3": [
        lambda g, w: w * np.mean([(math.hypot(*row) - 1) ** 2 for row in g]),
        lambda g, w: np.square(np.sqrt((g * g).sum(axis=1)) - 1).mean() * w,
        lambda g, w: w * metrics.mean_squared_error(np.ones(len(g)), np.linalg.norm(g, axis=-1)),
    ],
    "07.1": [stamped_by_pixel, stamped_by_convolution, stamped_by_product],
    "07.2": [
        average_by_powers,
        average_in_place,
        lambda w, m: pd.DataFrame(w).ewm(alpha=1 - m, adjust=False).mean().to_numpy()[-1],
    ],
    "07.3": [nearest_by_neighbours, nearest_by_norm, nearest_by_cdist],
    "08.1": [surrogate_by_lstsq, surrogate_by_normal_equations, surrogate_by_means],
    "08.2": [deletion_by_loop, deletion_in_one_batch, deletion_by_ranks],
    "08.3": [
        lambda t, r: sum((row < top).sum() >= 95 for top, row in zip(t, r, strict=True)),
        lambda t, r: np.count_nonzero((t[:, None] > r).mean(axis=1) >= 0.95),
        lambda t, r: float(np.sum(np.sum(r < t.reshape(-1, 1), axis=1) / r.shape[1] >= 0.95)),
    ],
    "09.1": [
        lambda x, e, t: e + t[:, None] * (x - e),
        lambda x, e, t: np.array([(1 - s) * b + s * a for a, b, s in zip(x, e, t, strict=True)]),
        lambda x, e, t: ((1 - t) * e.T + t * x.T).T,
    ],
    "09.2": [
        lambda x, estimate, t: np.subtract(estimate, x) / (1 - t),
        lambda x, estimate, t: (x - estimate) / (t - 1),
        lambda x, estimate, t: (1 / (1 - t)) * estimate - x / (1 - t),
    ],
    "09.3": [
        lambda a, b, g: (1 + g) * a - g * b,
        lambda a, b, g: b + (1 + g) * (a - b),
        lambda a, b, g: [x + g * (x - y) for x, y in zip(a, b, strict=True)],
    ],
    "10.1": [
        lambda p: np.mean(np.log2(1 / p)),
        lambda p: -sum(math.log2(value) for value in p) / len(p),
        lambda p: -np.log(stats.gmean(p)) / np.log(2),
    ],
    "10.2": [step_by_slices, step_by_units, step_by_lists],
    "10.3": [nucleus_by_loop, nucleus_by_threshold, nucleus_by_series],
    "11.1": [side_by_hash("sha256"), side_by_hash("md5"), side_by_remainder],
    "11.2": [ratio_by_loop, ratio_by_product, ratio_by_groups],
    "11.3": [interval_by_normal, interval_by_counts, interval_by_bootstrap],
    "12.1": [
        opinion_by_logs,
        opinion_by_softmax,
        lambda n, p, prior: special.expit(special.logit(prior) + sum(p) - sum(n)),
    ],
    "12.2": [repeats_by_set, repeats_by_counter, repeats_by_pandas],
    "12.3": [
        lambda a, o, g: special.softmax((1 + g) * a - g * o),
        lambda a, o, g: np.exp(a) * (np.exp(a - o)) ** g / sum(np.exp(a) * np.exp(a - o) ** g),
        lambda a, o, g: np.exp(a + g * (a - o) - special.logsumexp(a + g * (a - o))),
    ],
    "13.1": [
        lambda shares: 1 - np.mean(shares, axis=-1),
        lambda shares: [statistics.fmean(1 - one for one in row) for row in shares],
        lambda shares: 1 - shares @ np.full(shares.shape[1], 1 / shares.shape[1]),
    ],
    "13.2": [gradient_by_loop, gradient_by_matrix, gradient_in_place],
    "13.3": [novelty_by_counts, novelty_by_distance, novelty_by_table],
    "14.1": [
        lambda side, before, after: ((16 * before + 1) * after, 16 * before * after * side * side),
        cost_by_shape,
        lambda side, before, after: (
            np.array([[0, 1], [side**2, 0]]) @ [4 * before * 4 * after, 16 * before * after + after]
        ),
    ],
    "14.2": [squares_by_loop, squares_by_steps, squares_by_reduce],
    "14.3": [
        lambda t, h, n, m: sum(b < a for a, b in zip(t, h, strict=True)) / len(t) * (n + m) / m,
        lambda t, h, n, m: np.count_nonzero(np.argmin([t, h], axis=0)) / (len(t) * m / (m + n)),
        lambda t, h, n, m: np.array([(1 - np.mean(t <= h)) * (1 + n / m)]),
    ],
}
OPEN = {"02.3"} | {f"{lesson:02}.4" for lesson in range(1, 13) if lesson != 2}
CASES = [(number, place) for number, ways in ALTERNATIVES.items() for place in range(len(ways))]


@pytest.mark.parametrize(("number", "place"), CASES)
def test_another_way_to_the_right_answer_is_accepted(number, place):
    answer = ALTERNATIVES[number][place]
    assert verdict(number, answer if isinstance(answer, tuple) else (answer,), {}) == DONE


def test_there_are_three_for_each_exercise():
    assert {len(ways) for ways in ALTERNATIVES.values()} == {3}


def test_no_exercise_with_one_right_answer_is_left_out():
    """The open exercises have no right answer that could be written in another way."""
    names = (f"gan_utils.course.exercises.lesson_{lesson:02}" for lesson in range(1, 15))
    known = {number for name in names for number in importlib.import_module(name).CHECKS}
    assert known - set(ALTERNATIVES) == OPEN

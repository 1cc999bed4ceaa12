"""Paired tests and ranks that show which samplers differ by more than chance would explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from gan_utils.benchmark.measures import MEASURES

#: Columns that identify the rows of a comparison, apart from the sampler.
BLOCK = ["dataset", "classifier"]
RUN = ["repeat", "fold"]


def paired_test(
    results: pd.DataFrame, a: str, b: str, measure: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Compare two samplers fold by fold, with the corrected resampled t-test.

    The folds of a cross-validation share most of their training rows, so their results are not
    independent, and the plain paired t-test finds differences when there are none. The
    correction adds a term for this overlap to the variance of the mean.

    Parameters
    ----------
    results : DataFrame
        The table that `compare` returns.
    a, b : str
        Two samplers. A positive difference means that ``a`` has the higher value, which is worse
        for Brier and ECE.
    measure : str
        A column of ``results``, such as ``"balanced accuracy"``.
    confidence : float in (0, 1)
        Confidence level.

    Returns
    -------
    DataFrame
        One row per dataset and classifier: ``sampler`` (a), ``baseline`` (b), ``measure``,
        ``difference`` (mean of a minus b), ``low`` and ``high`` (its confidence interval), ``t``,
        ``p`` (two-sided), and ``n`` (the number of pairs of folds).

    Raises
    ------
    KeyError
        If a sampler or the measure is not in the results.
    ValueError
        If a and b are the same, a fold has no result for one of them or occurs twice, a value is
        missing, or there are fewer than two pairs of results.

    Notes
    -----
    The statistic is t = mean(d) / sqrt((1/J + n_test/n_train) s²), with J - 1 degrees of freedom.
    Here, d denotes the differences of the J pairs, and s² is their variance (with J - 1 in the
    denominator); n_test and n_train are the numbers of rows. If all differences are equal, t is 0
    or infinite.

    References
    ----------
    C. Nadeau, Y. Bengio, "Inference for the generalization error", Machine Learning 52, 2003.
    """
    _check_results(results, [a, b], measure)
    if a == b:
        raise ValueError(f"a and b are both {a!r}. Give two samplers.")
    _check_confidence(confidence)
    rows = []
    for block, part in results.groupby(BLOCK, sort=False, observed=True):
        runs = {name: part[part["sampler"] == name].set_index(RUN)[measure] for name in (a, b)}
        if runs[a].index.has_duplicates or runs[b].index.has_duplicates:
            raise ValueError(
                f"a fold of {block} occurs twice. Give each run once; if you join runs with "
                "different seeds, number their repeats differently."
            )
        pairs = pd.DataFrame(runs)
        if pairs.isna().any(axis=None) or len(pairs) < 2:
            raise ValueError(
                f"{a!r} and {b!r} need values in the same folds, at least two, on {block}."
            )
        ratio = (part["n_test"] / part["n_train"]).mean()
        tested = _corrected_t((pairs[a] - pairs[b]).to_numpy(), ratio, confidence)
        names = dict(zip(BLOCK, block, strict=True))
        rows.append(names | {"sampler": a, "baseline": b, "measure": measure} | tested)
    return pd.DataFrame(rows)


def _corrected_t(differences: np.ndarray, ratio: float, confidence: float) -> dict[str, float]:
    """Test the mean of differences that are correlated because folds share training rows."""
    n, mean = len(differences), float(differences.mean())
    # If all differences are equal, rounding errors can leave a tiny variance, which counts as 0.
    spread = 0.0 if np.ptp(differences) < 1e-12 else differences.var(ddof=1)
    error = float(np.sqrt((1 / n + ratio) * spread))
    without_error = 0.0 if abs(mean) < 1e-12 else float(np.copysign(np.inf, mean))
    t = mean / error if error else without_error
    reach = stats.t.ppf((1 + confidence) / 2, n - 1) * error
    p = float(2 * stats.t.sf(abs(t), n - 1))
    return {
        "difference": mean,
        "low": mean - reach,
        "high": mean + reach,
        "t": t,
        "p": p,
        "n": n,
    }


def paired_tests(
    results: pd.DataFrame, measure: str, baseline: str = "none", confidence: float = 0.95
) -> pd.DataFrame:
    """Compare every sampler with a baseline, and correct for the number of comparisons.

    Parameters
    ----------
    results : DataFrame
        The table that `compare` returns.
    measure : str
        A column of ``results``.
    baseline : str
        The sampler that the others are compared with.
    confidence : float in (0, 1)
        Joint confidence level of all the intervals. Bonferroni's correction widens each interval,
        so that all of them contain their true differences with this probability.

    Returns
    -------
    DataFrame
        As for `paired_test`, with one row per sampler, dataset and classifier, and a column
        ``p (Holm)``: p-values corrected by Holm's method over the whole table.

    Raises
    ------
    KeyError, ValueError
        As for `paired_test`. A ValueError is also raised if the baseline is the only sampler.

    References
    ----------
    S. Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    _check_results(results, [baseline], measure)
    others = [name for name in results["sampler"].unique() if name != baseline]
    if not others:
        raise ValueError(f"{baseline!r} is the only sampler. Compare at least two.")
    _check_confidence(confidence)
    n_tests = len(others) * len(results[BLOCK].drop_duplicates())
    each = 1 - (1 - confidence) / n_tests
    tests = [paired_test(results, name, baseline, measure, each) for name in others]
    table = pd.concat(tests, ignore_index=True)
    return table.assign(**{"p (Holm)": _holm(table["p"].to_numpy())})


def across_datasets(
    results: pd.DataFrame, measure: str, baseline: str = "none", confidence: float = 0.95
) -> pd.DataFrame:
    """Compare every sampler with a baseline over all datasets; each dataset has the same weight.

    Parameters
    ----------
    results, measure, baseline
        As for `paired_tests`.
    confidence : float in (0, 1)
        Joint confidence level of all intervals for one classifier, after Bonferroni's correction.

    Returns
    -------
    DataFrame
        One row per classifier and sampler: ``classifier``, ``sampler``, ``baseline``, ``measure``,
        ``difference`` (mean over the datasets), ``low`` and ``high`` (Student's t over the
        datasets), ``better`` (number of datasets on which the sampler beats the baseline), ``n``
        (datasets), ``p`` (Wilcoxon's signed-rank test) and ``p (Holm)``, corrected within the
        classifier.

    Raises
    ------
    KeyError, ValueError
        As for `paired_tests`. A ValueError is also raised if there are fewer than two datasets.

    Notes
    -----
    The test concerns the differences to be expected on *other* datasets that resemble those in
    ``results``. Versions of one table, such as Iris at 1:10 and at 1:20, are not independent:
    include only one of them, or interpret the result with caution.

    References
    ----------
    J. Demšar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006.
    """
    tests = paired_tests(results, measure, baseline, confidence)
    if tests["dataset"].nunique() < 2:
        raise ValueError("there is one dataset only. Use paired_tests, or compare on more.")
    n_others = tests["sampler"].nunique()
    sign = 1 if MEASURES.get(measure, True) else -1
    tables = []
    for classifier, part in tests.groupby("classifier", sort=False):
        rows = [
            {"classifier": classifier, "sampler": name, "baseline": baseline, "measure": measure}
            | _over_datasets(group["difference"].to_numpy(), sign, 1 - (1 - confidence) / n_others)
            for name, group in part.groupby("sampler", sort=False)
        ]
        table = pd.DataFrame(rows)
        tables.append(table.assign(**{"p (Holm)": _holm(table["p"].to_numpy())}))
    return pd.concat(tables, ignore_index=True)


def _over_datasets(differences: np.ndarray, sign: int, confidence: float) -> dict[str, float]:
    n, mean = len(differences), float(differences.mean())
    reach = stats.t.ppf((1 + confidence) / 2, n - 1) * stats.sem(differences)
    alike = np.abs(differences) < 1e-12
    p = 1.0 if alike.all() else float(stats.wilcoxon(np.where(alike, 0, differences)).pvalue)
    better = int((sign * differences > 1e-12).sum())
    interval = {"low": float(mean - reach), "high": float(mean + reach)}
    return {"difference": mean, **interval, "better": better, "n": n, "p": p}


def _holm(p: np.ndarray) -> np.ndarray:
    order = np.argsort(p, kind="stable")
    weighted = p[order] * np.arange(len(p), 0, -1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(weighted), 1)
    return corrected


def ranks(results: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rank the samplers on every dataset with every classifier; rank 1 is the best.

    Parameters
    ----------
    results : DataFrame
        The table that `compare` returns.
    measure : str
        A column of ``results``.

    Returns
    -------
    DataFrame
        One row per dataset, classifier and sampler, with ``score`` (the mean over folds and
        repeats) and ``rank``; equal scores share their mean rank. Samplers with a better
        mean rank come first. ``gan_utils.plots.ranks.plot_ranks`` plots this table.

    Raises
    ------
    KeyError
        If the measure is not in the results.
    ValueError
        If a sampler has no results for a dataset, or a value is missing.

    Notes
    -----
    Scores are first averaged over folds and repeats, since folds and repeats are not independent.
    Each observation is therefore the result for one dataset and one classifier.

    References
    ----------
    J. Demšar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006.
    """
    _check_results(results, [], measure)
    keys, once = [*BLOCK, "sampler"], {"sort": False, "observed": True}
    table = results.groupby(keys, **once)[measure].mean().rename("score").reset_index()
    if len(table) != table["sampler"].nunique() * len(table[BLOCK].drop_duplicates()):
        raise ValueError("a sampler is missing on a dataset. Rank only what ran everywhere.")
    # Rounding errors must not break ties.
    scores = table.assign(score=table["score"].round(12)).groupby(BLOCK, **once)["score"]
    table["rank"] = scores.rank(ascending=not MEASURES.get(measure, True))
    order = table.groupby("sampler", **once)["rank"].mean().sort_values(kind="stable").index
    place = table["sampler"].astype(object).map({name: i for i, name in enumerate(order)})
    return table.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _check_results(results: pd.DataFrame, samplers: list[str], measure: str) -> None:
    needed = [*BLOCK, "sampler", *RUN, "n_train", "n_test", measure]
    absent = [name for name in needed if name not in results]
    if absent:
        raise KeyError(f"results has no column {absent[0]!r}. It has {list(results)}.")
    known = list(results["sampler"].unique())
    for name in samplers:
        if name not in known:
            raise KeyError(f"there is no sampler {name!r} in the results. There are {known}.")
    if results[measure].isna().any():
        raise ValueError(f"{measure!r} has missing values. Drop them, and say so in the text.")


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence={confidence!r} must lie between 0 and 1, such as 0.95.")

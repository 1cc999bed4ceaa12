"""All ways to handle a rare class on all datasets: the stored comparison of lesson 04.

python benchmarks/rebalancing.py
python benchmarks/rebalancing.py --quick --no-publish      # does it run from end to end?
python benchmarks/rebalancing.py --results build/rebalancing.jsonl   # can be interrupted
"""

import argparse
import os
from pathlib import Path

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

import pandas as pd
from report import markdown, publish
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from gan_utils.benchmark import (
    MEASURES,
    across_datasets,
    compare,
    default_samplers,
    paired_tests,
    ranks,
    score,
)
from gan_utils.datasets.imbalanced import ImbalancedData, load_imbalanced

#: Each table is used once, since versions of it at several ratios would not be independent.
TABLES = {"iris": 8, "wine": 10, "breast_cancer": 20, "digits": 50}
QUICK = {"iris": 5, "wine": 5}
#: The simulation is large, so boosting replaces the forest, which would take minutes per fold.
LARGE = {
    "logistic": LogisticRegression(max_iter=1000),
    "boosting": HistGradientBoostingClassifier(max_iter=100, early_stopping=False),
}
TESTED = ("balanced accuracy", "F1", "average precision", "Brier", "ECE")


def small_tables(asked: argparse.Namespace) -> pd.DataFrame:
    """Compare all methods on the four bundled tables, with several seeds."""
    tables = [load_imbalanced(n, ratio) for n, ratio in (QUICK if asked.quick else TABLES).items()]
    return compare(
        tables,
        default_samplers(20 if asked.quick else asked.epochs),
        n_splits=2 if asked.quick else 5,
        n_repeats=1 if asked.quick else 5,
        n_jobs=asked.jobs,
        results=asked.results and asked.results.with_suffix(".small.jsonl"),
    )


def large_table(data: ImbalancedData, asked: argparse.Namespace) -> pd.DataFrame:
    """Compare all methods on the simulation: many rows, fewer folds."""
    return compare(
        data,
        default_samplers(20 if asked.quick else asked.epochs),
        LARGE if not asked.quick else LARGE["logistic"],
        n_splits=2 if asked.quick else 5,
        n_repeats=1,
        n_jobs=asked.jobs,
        results=asked.results and asked.results.with_suffix(".large.jsonl"),
    )


def means(results: pd.DataFrame, measure: str) -> str:
    """Return the means over the folds, a row per sampler, a column per dataset and classifier."""
    table = results.groupby(["sampler", "dataset", "classifier"], sort=False)[measure]
    wide = table.agg(["mean", "std"]).round(3).reset_index()
    cells = wide["mean"].map("{:.3f}".format) + " ± " + wide["std"].map("{:.3f}".format)
    wide = wide.assign(cell=cells, column=wide["dataset"] + ", " + wide["classifier"])
    columns = list(wide["column"].unique())
    rows = [
        [name, *part.set_index("column")["cell"].reindex(columns)]
        for name, part in wide.groupby("sampler", sort=False)
    ]
    return f"**{measure}** (mean ± standard deviation over the folds)\n\n" + markdown(
        [measure, *columns], rows
    )


def mean_ranks(results: pd.DataFrame) -> str:
    """Return the mean and the quartiles of the ranks by every measure."""
    columns = {}
    for measure in MEASURES:
        by_sampler = ranks(results, measure).groupby("sampler")["rank"]
        low, middle, high = by_sampler.quantile(0.25), by_sampler.mean(), by_sampler.quantile(0.75)
        columns[measure] = {
            n: f"{middle[n]:.1f} ({low[n]:.1f} to {high[n]:.1f})" for n in middle.index
        }
    samplers = results["sampler"].unique()
    return markdown(
        ["mean rank (quartiles); 1 is best", *columns],
        [[name, *(column[name] for column in columns.values())] for name in samplers],
    )


def differences(results: pd.DataFrame, measure: str) -> str:
    """Return the differences from "none" over the datasets, with corrected intervals."""
    rows = [
        [
            row["sampler"],
            row["classifier"],
            f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})",
            f"{row['better']} of {row['n']}",
        ]
        for _, row in across_datasets(results, measure).iterrows()
    ]
    header = [f"{measure}: sampler", "classifier", "difference from none", "better on"]
    return markdown(header, rows)


def verdicts(results: pd.DataFrame, baseline: str) -> str:
    """List the single comparisons in which the corrected test finds a difference."""
    rows, counts = [], []
    for measure in TESTED:
        tests = paired_tests(results, measure, baseline)
        clear = tests[tests["p (Holm)"] < 0.05]
        for _, row in clear.iterrows():
            what = [row["sampler"], row["dataset"], row["classifier"]]
            rows.append([measure, *what, f"{row['difference']:+.3f}"])
        counts.append(f"{len(clear)} for {measure}")
    title = f"Significant differences from {baseline!r} (p below 0.05 after Holm's correction):"
    header = ["measure", "sampler", "dataset", "classifier", "difference"]
    number = f"Of {len(tests)} comparisons for each measure, this many are significant:"
    number = f"{number} {', '.join(counts)}."
    return f"{title}\n\n{markdown(header, rows)}\n\n{number}"


def best_possible(data: ImbalancedData) -> str:
    """Return what the true probabilities themselves score on the simulation."""
    at_half = score(data.y, data.truth > 0.5, data.truth)
    at_share = score(data.y, data.truth > data.y.mean(), data.truth)
    words = ", ".join(
        f"{name} {at_half[name]:.3f}" for name in ("average precision", "Brier", "F1")
    )
    return (
        f"On the simulation, the true probabilities achieve the best possible scores: {words}, and "
        f"balanced accuracy {at_share['balanced accuracy']:.3f} "
        "(with the share of rare rows as the threshold)."
    )


def folded(title: str, parts: list[str]) -> list[str]:
    """Put long parts into a collapsible section, which GitHub can display."""
    return [f"<details>\n<summary>{title}</summary>", *parts, "</details>"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="tiny settings")
    parser.add_argument("--no-publish", action="store_true", help="print only")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=1000, help="steps of the GAN and the VAE")
    parser.add_argument("--results", type=Path, help="a file of results to resume from")
    asked = parser.parse_args()
    simulated = load_imbalanced("simulated")
    small, large = small_tables(asked), large_table(simulated, asked)
    both = [means(pd.concat([small, large]), measure) for measure in MEASURES]
    spent = {
        n: small.attrs["seconds"][n] + large.attrs["seconds"][n] for n in small.attrs["seconds"]
    }
    work = ", ".join(f"{name} {value:.0f}" for name, value in spent.items())
    parts = [
        "Ranks on the bundled tables "
        "(each combination of table and classifier is one observation):",
        mean_ranks(small),
        best_possible(simulated),
        f"Summed over all processes, the methods took this many seconds: {work}.",
        *folded("Mean and standard deviation of every measure", both),
        *folded("Differences over the tables", [differences(small, m) for m in TESTED]),
        *folded("Bundled tables, one by one", [verdicts(small, b) for b in ("none", "SMOTE")]),
        *folded("The simulation", [verdicts(large, b) for b in ("none", "SMOTE")]),
    ]
    text = "\n\n".join(parts)
    print(text) if asked.no_publish else publish("rebalancing", text)


if __name__ == "__main__":
    main()

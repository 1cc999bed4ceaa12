"""Tables with a rare class: nothing invented, nothing lost, a truth that is one."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.benchmark import expected_calibration_error
from gan_utils.datasets import simulated as simulation
from gan_utils.datasets.imbalanced import ImbalancedData, load_imbalanced, make_rare
from gan_utils.datasets.own_table import load_csv


@pytest.fixture(scope="module")
def simulated() -> ImbalancedData:
    return load_imbalanced("simulated")


@pytest.mark.parametrize(
    "name, rows, rare",
    [("iris", 150, 50), ("wine", 178, 48), ("breast_cancer", 569, 212), ("digits", 1797, 174)],
)
def test_bundled_tables_whole(name, rows, rare):
    data = load_imbalanced(name)
    assert (len(data.X), len(data.y), data.n_rare) == (rows, rows, rare)
    assert all(isinstance(column, str) for column in data.X)


@pytest.mark.parametrize("ratio", [5, 10, 20, 50])
def test_made_rarer_at_every_ratio(ratio):
    whole, data = load_imbalanced("breast_cancer"), load_imbalanced("breast_cancer", ratio)
    assert data.n_rare == round(357 / ratio)
    assert (data.y == 0).sum() == 357
    assert data.name == f"breast_cancer 1:{ratio}"
    merged = data.X.merge(whole.X.drop_duplicates(), how="left", indicator=True)
    assert (merged["_merge"] == "both").all()
    again = load_imbalanced("breast_cancer", ratio)
    pd.testing.assert_frame_equal(data.X, again.X)
    assert not data.X.equals(load_imbalanced("breast_cancer", ratio, random_state=1).X)


def test_it_prints_as_one_line():
    assert repr(load_imbalanced("wine", 10)) == (
        "wine 1:10: 143 rows x 13 columns, 13 rare (class_2), 1:10"
    )


@pytest.mark.parametrize("ratio", [0, -1, 1, 1000])
def test_a_ratio_out_of_reach(ratio):
    with pytest.raises(ValueError, match=r"use a ratio of 2 to 100"):
        load_imbalanced("iris", ratio)


def test_an_unknown_name_lists_the_known_ones(monkeypatch):
    with pytest.raises(ValueError, match="iris, wine, breast_cancer, digits, simulated"):
        load_imbalanced("irises")


def test_no_network_is_said(monkeypatch):
    import imblearn.datasets

    def fail(**_):
        raise OSError("no route to host")

    monkeypatch.setattr(imblearn.datasets, "fetch_datasets", fail)
    with pytest.raises(ConnectionError, match="no route to host"):
        load_imbalanced("ecoli")


def test_a_fetched_set(monkeypatch):
    import imblearn.datasets
    from sklearn.utils import Bunch

    bunch = Bunch(data=np.arange(20.0).reshape(10, 2), target=np.repeat([-1, 1], [8, 2]))
    monkeypatch.setattr(imblearn.datasets, "fetch_datasets", lambda **_: {"ecoli": bunch})
    data = load_imbalanced("ecoli")
    assert (data.name, data.n_rare, data.ratio) == ("ecoli", 2, 4)


def test_the_simulation_is_what_it_says(simulated):
    assert simulated.X.shape == (50_000, 20)
    assert simulated.n_rare == 500
    assert not simulated.X.isna().any(axis=None)


def test_the_truth_is_calibrated_and_adds_up(simulated):
    """A true probability is one whose claims come true, however the matrices were found."""
    assert expected_calibration_error(simulated.y, simulated.truth) < 0.002
    assert simulated.truth.sum() == pytest.approx(500, rel=0.05)


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_the_clusters_are_the_ones_that_were_drawn(seed, monkeypatch):
    """Undoing each cluster's matrix and corner leaves standard normal numbers."""
    monkeypatch.setitem(simulation.SIMULATED, "n_samples", 20_000)
    seen = {}

    def spy(X, y, matrices):
        for label, matrix in enumerate(matrices):
            part = X[y == label]
            corner = simulation.SEPARATION * np.sign(part.mean(axis=0))
            seen[label] = (part - corner) @ np.linalg.inv(matrix)
        return np.zeros(len(y))

    monkeypatch.setattr(simulation, "_true_probability", spy)
    load_imbalanced("simulated", random_state=seed)
    for z in seen.values():
        assert np.abs(z.mean(axis=0)).max() < 5 / np.sqrt(len(z))
        assert np.abs(np.cov(z.T) - np.eye(3)).max() < 8 / np.sqrt(len(z))


def test_nobody_beats_the_truth(simulated):
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
    from sklearn.metrics import brier_score_loss

    model = QuadraticDiscriminantAnalysis().fit(X := simulated.X.iloc[:, :3], simulated.y)
    guess = model.predict_proba(X)[:, 1]
    truth = brier_score_loss(simulated.y, simulated.truth)
    base = brier_score_loss(simulated.y, np.full(50_000, 0.01))
    # It saw the very rows it is judged by, and still comes only as close as chance lets it.
    assert truth < base
    assert brier_score_loss(simulated.y, guess) > 0.97 * truth


def test_the_truth_of_the_rarer_class_is_calibrated(simulated):
    rarer = load_imbalanced("simulated", ratio=495)
    assert rarer.n_rare == 100
    assert rarer.truth.sum() == pytest.approx(100, rel=0.15)
    assert (rarer.truth.max() < 1) or rarer.truth.between(0, 1).all()


def test_make_rare_takes_arrays_and_many_classes():
    X, y = np.arange(40.0).reshape(20, 2), np.repeat(["a", "b", "c"], [10, 6, 4])
    data = make_rare(X, y, rare="b", ratio=7, name="letters")
    assert list(data.X) == ["x0", "x1"]
    assert (data.n_rare, data.rare, data.name) == (2, "b", "letters 1:7")
    assert data.X["x0"].is_monotonic_increasing
    with pytest.raises(ValueError, match="no class of y"):
        make_rare(X, y, rare="d")
    with pytest.raises(ValueError, match="every row"):
        make_rare(X, np.repeat("a", 20), rare="a")


def test_numbers_in_an_array_of_objects_are_numbers():
    X = pd.DataFrame({"amount": [1.5, 2.5, 3.5], "town": ["a", "b", "a"], "age": [1, 2, 3]})
    data = make_rare(X.to_numpy(), [0, 0, 1], rare=1)
    assert data.X.dtypes.tolist() == X.dtypes.tolist()


def test_a_dataset_holds_two_classes_with_one_index():
    X = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match="1 \\(rare\\) and 0"):
        ImbalancedData("d", X, pd.Series([0, 0, 0]))
    with pytest.raises(ValueError, match="same rows"):
        ImbalancedData("d", X, pd.Series([0, 1, 0], index=[3, 4, 5]))


@pytest.fixture
def csv(tmp_path):
    def write(text: str):
        path = tmp_path / "fraud.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_load_csv(csv):
    path = csv("amount,country,id,fraud\n1.5,CH,a1,no\n2,DE,a2,yes\n3,CH,a3,no\n\n4,CH,a4,no\n")
    data = load_csv(path, "fraud", drop="id")
    assert (data.name, data.rare, data.n_rare, data.ratio) == ("fraud", "yes", 1, 3)
    assert data.X["amount"].tolist() == [1.5, 2, 3, 4]
    assert data.X["country"].dtype == "category"
    assert load_csv(path, "fraud", rare="no").n_rare == 3


def test_load_csv_names_every_fault(csv):
    path = csv("amount,country,fraud\n1,CH,no\nx,DE,yes\ninf,,no\n4,CH,\n5,CH,no\n6,CH,no\n")
    with pytest.raises(ValueError) as caught:
        load_csv(path, "fraud")
    text = str(caught.value)
    assert "fraud.csv has 4 faults" in text
    for fault in (
        "row 3, column 'amount': is 'x', where a number belongs",
        "row 4, column 'amount': is 'inf'",
        "row 4, column 'country': is empty",
        "row 5, column 'fraud': is empty, where a class belongs",
    ):
        assert fault in text


@pytest.mark.parametrize("texts", [("1. Klasse", "2. Klasse"), ("St. Gallen", "Bern"), ("x. 1,5",)])
def test_text_with_a_full_stop_inside_is_a_category(csv, texts):
    lines = "".join(f'"{texts[i % len(texts)]}",{i % 2}\n' for i in range(30))
    column = load_csv(csv("place,y\n" + lines), "y").X["place"]
    assert column.dtype == "category"
    assert set(column.unique()) == set(texts)


@pytest.mark.parametrize(
    ("cell", "way_out"),
    [
        ("1'234", "thousands"),
        ("1\u2019234.50", "thousands"),  # as Excel writes it in Switzerland
        ("1\u202f234", "thousands"),  # and in France
        ("1\u00a0234", "thousands"),
        ("-1,5", "decimal point"),
        ("1.234,50", "decimal point"),
        ("1\u202f234,5", "decimal point"),
        ("\u22125.5", "minus sign"),  # as R writes it in Sweden
    ],
)
def test_a_column_of_numbers_in_another_notation_is_no_category(csv, cell, way_out):
    lines = "".join(f'"{cell}",{i % 2}\n' for i in range(30))
    with pytest.raises(ValueError, match=f"where a number belongs.*{way_out}"):
        load_csv(csv("amount,y\n" + lines), "y")


def test_load_csv_refuses_what_names_rows(csv):
    lines = "".join(f"{i},name {i},{i % 2}\n" for i in range(30))
    with pytest.raises(ValueError, match="column 'who': has 30 different texts"):
        load_csv(csv("n,who,y\n" + lines), "y")


@pytest.mark.parametrize(
    "text, error, words",
    [
        ("a,b\n1,2\n", KeyError, "no column 'y'"),
        ("a,y\n", ValueError, "needs rows"),
        ("y\n1\n0\n", ValueError, "a column beside"),
        ("a,y\n1,x\n2,x\n", ValueError, "one class only"),
        ("", ValueError, "empty"),
        (",,\n,,\n", ValueError, "empty cells only"),
        ("a,b,y\n20,0,1,0\n", ValueError, "row 2: has 4 fields, but the header names 3"),
        ("a,y\n1,20,0\n2,30,1\n", ValueError, r"row\.names=FALSE"),
        ("a,a,y\n1,2,0\n", ValueError, "names the column 'a' twice"),
        ("a,A ,a,y\n1,2,3,0\n", ValueError, "names the column 'a' twice"),
        (",a,y\n0,2,0\n1,3,1\n", ValueError, "no name in the header"),
        ("a;y\n1,5;0\n", ValueError, "semicolons between its columns"),
        ("sep=;\na;y\n1;0\n", ValueError, "semicolons"),
        ("a\ty\n1\t0\n", ValueError, "tabs"),
        ('a,y\n"1,5",0\n"2,5",1\n', ValueError, "Write a decimal point"),
        ('a,y\n"1,200",0\n"2,300.5",1\n', ValueError, "mark between the thousands"),
        ('a,y\n"1,0\n2,1\n', ValueError, "quotation mark is not closed"),
        ("a,y\n1,0\n\0,1\n", ValueError, "line 3 holds a NUL byte"),
        ("<html><body>Sign in</body></html>", ValueError, "web page"),
        ("a,y\n1.5,0\n99999999999999999999,1\n", ValueError, "row 3, column 'a'.*rounded"),
    ],
)
def test_load_csv_refuses(csv, text, error, words):
    with pytest.raises(error, match=words):
        load_csv(csv(text), "y")


def test_a_trailing_comma_on_each_row_moves_nothing(csv):
    data = load_csv(csv("age,income,y,\n20,0,1,\n30,5,0,\n"), "y")
    assert data.X.to_dict("list") == {"age": [20, 30], "income": [0, 5]}
    data = load_csv(csv("age,income,y\n20,0,1,\n30,5,0,\n"), "y")
    assert data.X.to_dict("list") == {"age": [20, 30], "income": [0, 5]}


def test_a_file_in_utf_16_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,y\n1,0\n", encoding="utf-16")
    with pytest.raises(ValueError, match=r"it is in UTF-16\. Save it again"):
        load_csv(path, "y")


def test_an_unnamed_column_can_be_left_out(csv):
    path = csv(",a,y\n0,2,0\n1,3,1\n")
    assert list(load_csv(path, "y", drop="(no name: column 1)").X) == ["a"]


def test_large_whole_numbers_are_exact(csv):
    data = load_csv(csv("a,y\n9007199254740993,0\n9007199254740995,1\n"), "y")
    assert data.X["a"].tolist() == [2**53 + 1, 2**53 + 3]


@pytest.mark.parametrize(
    "y, error, words",
    [
        (pd.DataFrame({"a": [0, 1, 1], "b": [0, 1, 1]}), ValueError, "one column"),
        ([0, 1], ValueError, "3 rows, and y has 2"),
        ([0, 1, None], ValueError, "missing"),
        ([0.0, 1.0, np.nan], ValueError, "missing"),
    ],
)
def test_make_rare_refuses_labels_that_do_not_fit(y, error, words):
    with pytest.raises(error, match=words):
        make_rare(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), y, rare=1)


def test_make_rare_takes_a_frame_of_one_column():
    y = pd.DataFrame({"kind": [0, 1, 1]}, index=[5, 6, 7])
    data = make_rare(pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=[5, 6, 7]), y, rare=0)
    assert data.y.tolist() == [1, 0, 0]


def test_load_csv_without_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_csv(tmp_path / "nothing.csv", "y")


def test_make_rare_refuses_labels_in_another_order():
    X = pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=["a", "b", "c"])
    y = pd.Series([0, 0, 1], index=["c", "b", "a"])
    for labels in (y, y.to_frame()):
        with pytest.raises(ValueError, match=r"y.reindex\(X.index\).*y.to_numpy\(\)"):
            make_rare(X, labels, rare=1)
    assert list(make_rare(X, y.reindex(X.index), rare=1).y) == [1, 0, 0]
    assert list(make_rare(X, y.to_numpy(), rare=1).y) == [0, 0, 1]
    assert list(make_rare(X.to_numpy(), y, rare=1).y) == [0, 0, 1]


@pytest.mark.parametrize("kind", [pd.DataFrame, np.asarray])
def test_make_rare_keeps_its_own_rows(kind):
    X = kind(np.arange(6.0).reshape(3, 2))
    data = make_rare(X, [0, 0, 1], rare=1)
    (X.iloc if kind is pd.DataFrame else X)[0, 0] = 999.0
    assert data.X.iloc[0, 0] == 0


def test_make_rare_refuses_what_is_no_table():
    from scipy.sparse import csr_array, csr_matrix

    for kind in (csr_matrix, csr_array):
        with pytest.raises(ValueError, match=r"csr_.* is sparse.*X.toarray\(\)"):
            make_rare(kind(np.eye(3)), [0, 0, 1], rare=1)
    with pytest.raises(ValueError, match=r"its shape is \(3, 2, 2\)"):
        make_rare(np.zeros((3, 2, 2)), [0, 0, 1], rare=1)


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5, np.random.default_rng(0)])
def test_the_simulation_refuses_a_seed(seed):
    with pytest.raises(ValueError, match=r"random_state=.* must be (below 2\*\*32|a whole number)"):
        load_imbalanced("simulated", random_state=seed)


def test_load_csv_cannot_drop_its_target(csv):
    with pytest.raises(ValueError, match="drop= holds 'y', the target"):
        load_csv(csv("x,y\n1,a\n2,b\n"), "y", drop="y")


def test_a_path_from_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # the home folder on Windows
    (tmp_path / "mine.csv").write_text("x,y\n1,a\n2,b\n3,b\n")
    assert load_csv("~/mine.csv", "y").name == "mine"


def test_a_name_that_begins_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~mine.csv").write_text("x,y\n1,a\n2,b\n3,b\n")
    assert load_csv("~mine.csv", "y").name == "~mine"

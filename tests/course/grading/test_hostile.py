"""Hostile submissions earn nothing, touch nothing and stop nobody, in a real sandbox."""

import os
import socket
import zipfile
from pathlib import Path

import psutil
import pytest
from submitted import LESSONS, RATIOS, RIGHT, needs_sandbox, notebook_of

from gan_utils.course.grading import Request, grade_folder
from gan_utils.course.grading.grader import Grade
from gan_utils.course.grading.sandbox import Limits, user_of

#: Small, so that the tests are quick and a failure hurts nobody.
LIMITS = Limits(cell_seconds=2, seconds=30, memory=900_000_000, processes=8, threads=48)

HEAD = "def precision_and_recall(matrix, k):\n"
#: A right answer, for those who get what they should not.
HITS = "    return matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k].sum()\n"

#: What they hand in, and a word of the message that they get for it.
HOSTILE = {
    "patched check": (
        "import builtins, json, numpy\n"
        "import gan_utils.course.exercises as exercises\n"
        "exercises.check = lambda *a, **k: print('01.1  done')\n"
        "numpy.allclose = numpy.isclose = lambda *a, **k: True\n"
        "builtins.abs = lambda x: 0\n"
        'json.dumps = lambda *a, **k: \'{"value": "done"}\'\n' + HEAD + "    return 1.0, 1.0\n",
        "",
    ),
    "liar": (
        "class Liar(float):\n"
        "    __eq__ = __ne__ = __lt__ = __gt__ = lambda self, other: True\n"
        "    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0\n"
        "    __float__ = lambda self: 0.5\n" + HEAD + "    return Liar(), Liar()\n",
        "",
    ),
    "exit": ("import os\n" + HEAD + "    os._exit(0)\n", "ends Python"),
    "exit at once": ("import os\nos._exit(0)\n" + HEAD + HITS, "ends Python"),
    "endless loop": (HEAD + "    while True:\n        pass\n", "seconds"),
    "sleeper": ("import time\ntime.sleep(10**6)\n" + HEAD + HITS, "seconds"),
    "10 GB": (HEAD + "    return len(bytearray(10**10)), 1\n", "MemoryError"),
    "10 GB by and by": (
        "import numpy as np\n" + HEAD + "    hoard = []\n"
        "    while True:\n        hoard.append(np.ones(10**7))\n",
        "takes more than",
    ),
    "full disk": (
        HEAD + "    for n in range(100):\n"
        "        open(f'/tmp/{n}', 'wb').write(bytes(10**7))\n" + HITS,
        "OSError",
    ),
    "fork bomb": (
        "import os\n" + HEAD + "    while True:\n        try:\n            os.fork()\n"
        "        except OSError:\n            pass\n",
        "processes",
    ),
    "orphans": (
        "import os, time\n" + HEAD + "    while True:\n        if os.fork() == 0:\n"
        "            os.setsid()\n            time.sleep(1000)\n",
        "",
    ),
    "flood of prints": (HEAD + "    while True:\n        print('x' * 10**6)\n", "seconds"),
    "flood of answers": (
        "import os\n" + HEAD + "    for pipe in range(3, 40):\n        try:\n"
        "            while True:\n                os.write(pipe, b'x' * 10**6)\n"
        "        except OSError:\n            pass\n",
        "",
    ),
    "forged answers": (
        "import os\n" + HEAD + "    for pipe in range(3, 40):\n        try:\n"
        '            os.write(pipe, b\'{"value": "done"}\\n\' * 100)\n'
        "        except OSError:\n            pass\n    return 1, 1\n",
        "",
    ),
    "killer": (
        "import os\n" + HEAD + "    os.kill(-1, 9)\n    os.kill(1, 9)\n    os._exit(1)\n",
        "",
    ),
    "broken cell": (HEAD + "    return (\n", "SyntaxError"),
    "deep cell": ("deep = " + "-" * 100_000 + "1\n" + HEAD.replace(":", ""), ""),
}

#: Those who try to get something that is out of reach, and answer right if they have it.
THIEVES = {
    "network": "import socket\nsocket.create_connection(('127.0.0.1', PORT), 2)\n",
    "reads outside": "text = open('SECRET').read()\n",
    "writes outside": "open('SECRET.new', 'w').write('was here')\n",
    "changes outside": "open('SECRET', 'a').write('was here')\n",
    "reads home": "import pathlib\nassert any(pathlib.Path('HOME').glob('.[bp]*rc'))\n",
    "reads a solution": (
        "import pathlib\nassert any(pathlib.Path('ROOT').rglob('[01]?_*.ipynb'))\n"
    ),
    "reads a check": "from gan_utils.course.exercises import lesson_01\n",
    "reads another": "import pathlib\nassert any(pathlib.Path('CLASS').iterdir())\n",
    "leaves a file": "assert open('/course/gan_utils/left.py', 'w').write('x = 1')\n",
    "becomes root": "import os\nos.setuid(0)\n",
    "mounts": "import subprocess\nsubprocess.run(['umount', '/usr'], check=True)\n",
}


def hand_in(folder: Path, student: str, *sources: str) -> None:
    (folder / student).mkdir(parents=True)
    (folder / student / "01_iris_baselines.ipynb").write_bytes(notebook_of(*sources))


def thief(source: str, **facts: object) -> str:
    """Make a function that steals first, and answers right if it could."""
    for name, value in facts.items():
        source = source.replace(name, str(value))
    inner = "".join(f"    {line}\n" for line in source.splitlines())
    return HEAD + inner + HITS


def broken_files(folder: Path, secret: Path) -> set[str]:
    """Hand in what is no notebook."""
    for student in ("link", "climbing archive", "broken notebook"):
        (folder / student).mkdir(parents=True)
    secret_notebook = secret.with_name("right.ipynb")
    secret_notebook.write_bytes(notebook_of(RIGHT))
    (folder / "link" / "01_iris_baselines.ipynb").symlink_to(secret_notebook)
    with zipfile.ZipFile(folder / "climbing archive" / "01_iris_baselines.zip", "w") as archive:
        archive.writestr("../../01_iris_baselines.ipynb", notebook_of(RIGHT))
    (folder / "broken notebook" / "01_iris_baselines.ipynb").write_bytes(notebook_of(RIGHT)[:-9])
    return {"link", "climbing archive", "broken notebook"}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("grading")


@pytest.fixture(scope="module")
def grades(place: Path) -> dict[str, list[Grade]]:
    """Grade them all in one class, between two honest students."""
    folder, secret = place / "class", place / "secret.txt"
    secret.write_text("nobody knows")
    hand_in(folder, "aaa honest", RIGHT, RATIOS)
    hand_in(folder, "zzz honest", RIGHT, RATIOS)
    broken_files(folder, secret)
    for student, (source, _) in HOSTILE.items():
        hand_in(folder, student, source, RATIOS)
    with socket.create_server(("127.0.0.1", 0)) as server:
        facts = {"PORT": server.getsockname()[1], "SECRET": secret, "CLASS": folder}
        facts |= {"HOME": Path.home(), "ROOT": LESSONS[0].parents[1]}
        for student, source in THIEVES.items():
            hand_in(folder, student, thief(source, **facts), RATIOS)
        request = Request(folder, place / "grades.csv", limits=LIMITS)
        found = grade_folder(LESSONS[0].parents[1], request)
    return {g.student: [o for o in found if o.student == g.student] for g in found}


@needs_sandbox
@pytest.mark.parametrize("student", ["aaa honest", "zzz honest"])
def test_the_honest_get_their_points(grades, student):
    told = [(grade.points, grade.message) for grade in grades[student]]
    assert told == [(1, "done"), (1, "done"), *[(0, "not attempted yet")] * 2]


@needs_sandbox
@pytest.mark.parametrize("student", HOSTILE)
def test_hostile_code_earns_nothing(grades, student):
    first, second, *_ = grades[student]
    assert first.points == 0
    assert first.message.startswith("not yet: ")
    assert HOSTILE[student][1] in first.message
    # What else they did right still counts, unless they have taken over the conversation.
    if "answers" not in student and "check" not in student:
        assert (second.points, second.message) == (1, "done")


@needs_sandbox
@pytest.mark.parametrize("student", THIEVES)
def test_what_is_outside_is_out_of_reach(grades, student):
    assert grades[student][0].points == 0
    assert "your function raises" in grades[student][0].message
    assert grades[student][1].points == 1


@needs_sandbox
@pytest.mark.parametrize("student", ["link", "climbing archive", "broken notebook"])
def test_broken_files_earn_nothing(grades, student):
    assert [grade.points for grade in grades[student]] == [0, 0, 0, 0]


@needs_sandbox
def test_nothing_was_touched_and_nothing_still_runs(grades, place):
    assert (place / "secret.txt").read_text() == "nobody knows"
    there = {path.name for path in place.iterdir()}
    wanted = {"class", "grades.csv", "grades.html", "grades.journal", "secret.txt", "right.ipynb"}
    assert there == wanted
    left = [p.cmdline() for p in psutil.Process().children(recursive=True)]
    assert not [words for words in left if any(".worker" in word for word in words)]
    if os.geteuid() == 0:
        users = {p.info["uids"].real for p in psutil.process_iter(["uids"]) if p.info["uids"]}
        assert not users & {user_of(slot) for slot in range(4)}

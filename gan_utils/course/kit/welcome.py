"""The ``README.md`` of a student's folder."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from gan_utils.course import notebooks
from gan_utils.course.report import title_of

_PAGE = """# A course on generated data: your copy

This folder is all you need: the lessons (`notebooks/`), the module that they import
(`gan_utils/`), its pictures and data. The exercises are yours to solve; solutions are not included.

## Start

You need Python 3.11, 3.12 or 3.13 and about 4 GB of disk space; no GPU. With `make`:

```bash
make doctor    # is this machine ready? Each line says ok or what to do
make lab       # open JupyterLab on the lessons
make course    # run every lesson once, write build/*.html, print the results
```

The first of these commands creates the environment `.venv` in this folder, which takes a few
minutes. The same without `make` (on Windows, the first two lines are `py -3.12 -m venv .venv` and
`.venv\\Scripts\\activate`):

```bash
python3 -m venv .venv
source .venv/bin/activate
python -m pip install -c constraints.txt -e ".[course,cluster,words,pictures,test]"
python -m gan_utils doctor
python -m jupyterlab notebooks
```

With conda: `conda env create -f environment.yml`, `conda activate gan_utils`, and
`python -m pip install --no-deps -e .`

## Lessons

{lessons}

## Exercises

Replace the `...` with your answer, run the cell, and run the check below it. The check prints
"done" or a hint about the mistake, and never stops the notebook. No later cell depends on an
exercise. To hand in a lesson, save its notebook and send the file.

## Data

{data}

What the data sets are, and under which licences: [data/README.md](data/README.md). The code is
under the [MIT licence](LICENSE), text and pictures under [CC BY 4.0](LICENSE-text).
"""

_DATA = {
    True: """The data sets are here, in `data/fetched/`. `gan_utils` looks there if the environment
variable `GAN_UTILS_DATA` is not set. Where one is missing, a lesson tries to download it, and uses
a smaller one that comes with the packages if there is no internet.""",
    False: """The lessons download some data sets, and use smaller ones that come with the packages
if there is no internet. `python -m gan_utils doctor` prints where the downloads go.""",
}


def welcome_page(paths: Sequence[Path], with_data: bool) -> str:
    """Write the ``README.md`` of a student's folder.

    Parameters
    ----------
    paths : sequence of Path
        The course's notebooks.
    with_data : bool
        Whether the folder contains the data sets.

    Returns
    -------
    str
    """
    lessons = [
        f"- [{title_of(notebooks.read(path))}]({quote(f'notebooks/{path.name}')})" for path in paths
    ]
    return _PAGE.format(lessons="\n".join(lessons), data=_DATA[with_data])

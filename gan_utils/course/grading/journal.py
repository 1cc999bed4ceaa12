"""Record what has been graded, so that a killed run can resume where it stopped."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.grading.grader import Grade
from gan_utils.course.grading.submissions import Submission


class Journal:
    """Store submissions' grades in a file beside the grade table, and save every update atomically.

    Parameters
    ----------
    path : Path
        The file. A damaged file counts as empty, so everything is graded again.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.entries: dict[str, list[dict]] = {}
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))
            self.entries = {
                key: [vars(Grade(**grade)) for grade in grades] for key, grades in entries.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            self.entries = {}

    def find(self, submission: Submission, digest: str) -> list[Grade] | None:
        """Look up the stored grades of a submission.

        Parameters
        ----------
        submission : Submission
            The submission in its current state.
        digest : str
            The current digest of the lesson.

        Returns
        -------
        list of Grade or None
            The grades, or None if the submission was not graded before, or if the submission or
            its lesson has changed since then.
        """
        grades = self.entries.get(_key(submission, digest))
        return None if grades is None else [Grade(**grade) for grade in grades]

    def add(self, submission: Submission, digest: str, grades: Sequence[Grade]) -> None:
        """Store the grades of a submission.

        Parameters
        ----------
        submission : Submission
            The submission that was graded.
        digest : str
            The digest of the lesson.
        grades : sequence of Grade
            The grades of the submission.
        """
        self.entries[_key(submission, digest)] = [vars(grade) for grade in grades]
        write_text(self.path, json.dumps(self.entries, indent=0))


def _key(submission: Submission, digest: str) -> str:
    facts = (*submission.owner, submission.name, submission.digest, submission.fault)
    parts = (*facts, submission.note, digest)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

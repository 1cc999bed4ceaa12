"""What has been graded already, so that a killed run can continue where it stopped."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.grading.grader import Grade
from gan_utils.course.grading.submissions import Submission


class Journal:
    """Keeps the grades of submissions in a file beside the table; rewrites this file in one step.

    Parameters
    ----------
    path : Path
        The file. A damaged one counts as empty: then everything is graded again.
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
        """Look up a submission.

        Parameters
        ----------
        submission : Submission
            As it is now.
        digest : str
            The lesson's, as it is now.

        Returns
        -------
        list of Grade or None
            None if it was not graded, or if it or its lesson has changed since.
        """
        grades = self.entries.get(_key(submission, digest))
        return None if grades is None else [Grade(**grade) for grade in grades]

    def add(self, submission: Submission, digest: str, grades: Sequence[Grade]) -> None:
        """Keep the grades of a submission.

        Parameters
        ----------
        submission : Submission
            What was graded.
        digest : str
            The lesson's.
        grades : sequence of Grade
            Its rows.
        """
        self.entries[_key(submission, digest)] = [vars(grade) for grade in grades]
        write_text(self.path, json.dumps(self.entries, indent=0))


def _key(submission: Submission, digest: str) -> str:
    facts = (*submission.owner, submission.name, submission.digest, submission.fault)
    parts = (*facts, submission.note, digest)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

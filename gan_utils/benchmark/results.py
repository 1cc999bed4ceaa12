"""The file to which outcomes are appended, and from which a killed run resumes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from gan_utils._support.files import new_file
from gan_utils.benchmark.descriptions import told_briefly

Key = tuple[str, str, int, int]


class ResultsFile:
    """Store outcomes by the key of their unit, in memory and, if a path is given, in a file.

    Parameters
    ----------
    path : str or path, optional
        A JSON Lines file with the settings in the first line and one outcome in each later line.
    settings : mapping
        The settings that the outcomes depend on, as JSON values.

    Attributes
    ----------
    outcomes : dict
        The outcomes so far, by the key of their unit.

    Raises
    ------
    ValueError
        If the path is empty or is a folder, or the file was written with other settings or is
        damaged. An incomplete last line is not an error; it is removed.
    """

    def __init__(self, path: str | os.PathLike | None, settings: Mapping) -> None:
        self.path = None if path is None else new_file(path)
        self.outcomes: dict[Key, dict] = {}
        if self.path is None:
            return
        if self.path.is_file() and self.path.stat().st_size:
            self._continue(settings)
        if not (self.path.is_file() and self.path.stat().st_size):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._append({"settings": settings})

    def add(self, outcome: dict) -> None:
        """Store an outcome, and write it to the file, if there is one, before returning.

        Parameters
        ----------
        outcome : dict
            The result of a `gan_utils.benchmark.fold.Unit`, with the entries ``unit``, ``rows`` and
            ``seconds``.
        """
        self.outcomes[tuple(outcome["unit"])] = outcome
        if self.path is not None:
            self._append(outcome)

    def _append(self, record: Mapping) -> None:
        with self.path.open("ab") as file:
            file.write(json.dumps(record).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _continue(self, settings: Mapping) -> None:
        whole = self._drop_torn_line(self.path.read_bytes())
        records = [self._parsed(i, line) for i, line in enumerate(whole.splitlines(), 1)]
        if not records:
            return
        if "settings" not in records[0]:
            raise ValueError(f"{self.path.name} is no file of results. Choose another name.")
        self._refuse_other(records[0]["settings"], settings)
        for place, record in enumerate(records[1:], 2):
            if set(record) != {"unit", "rows", "seconds"}:
                raise ValueError(self._damaged(place))
            self.outcomes.setdefault(tuple(record["unit"]), record)

    def _drop_torn_line(self, content: bytes) -> bytes:
        """Cut off an incomplete last line, which was being written when the run was killed."""
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            # A file that does not hold results must not be emptied.
            if not whole and not b'{"settings":'.startswith(content[:12]):
                raise ValueError(f"{self.path.name} is no file of results. Choose another name.")
            os.truncate(self.path, len(whole))
        return whole

    def _parsed(self, place: int, line: bytes) -> dict:
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ValueError(self._damaged(place)) from error
        if not isinstance(record, dict):
            raise ValueError(self._damaged(place))
        return record

    def _damaged(self, place: int) -> str:
        return (
            f"{self.path.name} is damaged in line {place}, or no file of results. Remove that line "
            "(its unit is computed again), or choose another name."
        )

    def _refuse_other(self, old: Mapping, new: Mapping) -> None:
        differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if differing:
            lines = [
                f"  {name}: {_changed_setting(old.get(name), new.get(name))}" for name in differing
            ]
            raise ValueError(
                f"{self.path.name} holds results of other settings (there, and now):\n"
                + "\n".join(lines)
                + "\nUse those settings, or give another file to results=."
            )


def _changed_setting(old: object, new: object) -> str:
    """Show only what differs between two settings."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        said = [f"{n} ({told_briefly(old.get(n))}; {told_briefly(new.get(n))})" for n in names[:3]]
        return ", ".join(said) + (", ..." if len(names) > 3 else "")
    return f"{told_briefly(old)}; {told_briefly(new)}"

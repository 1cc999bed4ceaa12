"""Judge one exercise by applying the notebooks' checks to values from the sandbox."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from gan_utils.course.exercises import NOT_YET, Hint, one_line, verdict
from gan_utils.course.grading.inside.border import BorderError
from gan_utils.course.grading.inside.decoder import Decoder, foreign, plain_name
from gan_utils.course.grading.inside.encoder import Encoder
from gan_utils.course.grading.lessons import Exercise
from gan_utils.course.grading.session import Session

#: How often a student's functions may call functions of the check in one exercise.
MOST_CALLBACKS = 10_000
#: The maximum number of characters of an error message.
MOST_LETTERS = 300


class Judge:
    """Ask a worker for the answers to one exercise, and judge them outside the sandbox.

    Parameters
    ----------
    session : Session
        The session with the worker, which has already run the student's cells.
    exercise : Exercise
        The exercise to judge, which belongs to the session's lesson.
    """

    def __init__(self, session: Session, exercise: Exercise) -> None:
        self.session, self.exercise = session, exercise
        session.allow(session.limits.cell_seconds)
        self.lent: list[Any] = []
        self.calls = 0
        self.decoder = Decoder(self._function, _no_methods, _record)

    def verdict(self, fault: str) -> str:
        """Judge the exercise.

        Parameters
        ----------
        fault : str
            The first error in the student's cells; empty if there was none.

        Returns
        -------
        str
            The verdict of the notebook's check.

        Raises
        ------
        Ended
            If the worker ends or is stopped.
        """
        try:
            answers = self._answers()
        except BorderError as refused:
            return _hint(str(refused))
        lacking = [name for name in self.exercise.names if name not in answers]
        if lacking:
            return _hint(fault or f"there is no {lacking[0]}")
        args = [answers[name] for name in self.exercise.positional]
        named = {key: answers[name] for key, name in self.exercise.keywords.items()}
        return one_line(verdict(self.exercise.number, args, named))

    def _answers(self) -> dict[str, Any]:
        reply = self._ask({"do": "answers", "names": self.exercise.names})
        if "error" in reply:
            raise BorderError("{type}: {text}".format(**error_of(reply)))
        sent = reply.get("value")
        if not isinstance(sent, dict):
            raise BorderError("the answers have the wrong form")
        return {
            name: self.decoder.decode(sent[name]) for name in self.exercise.names if name in sent
        }

    def _ask(self, question: dict) -> dict:
        return self.session.ask(question, self._call_back)

    def _function(self, number: int) -> Callable:
        return _StudentFunction(self, number)

    def call(self, number: int, arguments: Sequence[object]) -> Any:
        """Call one of the student's functions in the sandbox.

        Parameters
        ----------
        number : int
            The worker's number for the function.
        arguments : sequence of object
            The values to pass.

        Returns
        -------
        object
        """
        encoder = Encoder(self._lend)
        sent = [encoder.encode(argument) for argument in arguments]
        reply = self._ask({"do": "call", "number": number, "arguments": sent})
        if "error" in reply:
            raise _as_raised(error_of(reply))
        return self.decoder.decode(reply.get("value"))

    def builtins_of(self, number: int) -> list[str]:
        """Ask which of Python's own functions one of the student's functions uses.

        Parameters
        ----------
        number : int
            The worker's number for the function.

        Returns
        -------
        list of str
            The names, as the worker sends them. A student's code may control the worker.

        Raises
        ------
        BorderError
            If the worker does not send a list of names.
        """
        reply = self._ask({"do": "builtins", "number": number})
        if "error" in reply:
            raise _as_raised(error_of(reply))
        names = reply.get("value")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BorderError("the names in the code have the wrong form")
        return names

    def _lend(self, thing: object) -> int:
        self.lent.append(thing)
        return len(self.lent) - 1

    def _call_back(self, asked: dict) -> dict:
        """Call a function that a check has passed to the student's function."""
        self.calls += 1
        try:
            if self.calls > MOST_CALLBACKS:
                raise BorderError(f"more than {MOST_CALLBACKS:,} calls")
            function = self.lent[asked["number"]]
            if asked["method"] is not None:
                function = {"fit_resample": function.fit_resample}[asked["method"]]
            arguments = [self.decoder.decode(sent) for sent in asked["arguments"]]
            return {"value": Encoder(self._lend).encode(function(*arguments))}
        except Exception as error:  # the student's function may catch it
            return {"error": {"type": type(error).__name__, "text": str(error)}}


class _StudentFunction:
    """A placeholder for a student's function in a check."""

    def __init__(self, judge: Judge, number: int) -> None:
        self._judge, self._number = judge, number

    @property
    def builtins_used(self) -> list[str]:
        """The names of Python's own functions that it uses, for `builtins_of`."""
        return self._judge.builtins_of(self._number)

    def __call__(self, *arguments: object) -> Any:
        return self._judge.call(self._number, arguments)


def _no_methods(*_: object) -> object:
    return foreign("object")


def _record(name: str, facts: dict[str, Any]) -> object:
    """Make a placeholder for an object of one of the course's classes, from its attributes."""
    if name.endswith("CharLanguageModel"):
        from gan_utils.text import CharLanguageModel

        trained = "network_" in facts
        settings = {key: value for key, value in facts.items() if key != "network_"}
        model = CharLanguageModel(**settings)
        if trained:
            model.network_ = None
        return model
    return SimpleNamespace(**facts)


def error_of(reply: dict) -> dict[str, str]:
    """Read the error that a worker sent.

    Parameters
    ----------
    reply : dict
        A reply that contains ``error``.

    Returns
    -------
    dict
        The error's ``type``, as a harmless name, and its ``text``.
    """
    sent = reply["error"] if isinstance(reply["error"], dict) else {}
    name = plain_name(sent.get("type"), "Exception") or "Exception"
    return {"type": name, "text": str(sent.get("text", ""))[:MOST_LETTERS]}


def _as_raised(error: dict[str, str]) -> Exception:
    if error["type"] == "NotImplementedError":
        return NotImplementedError()
    if error["type"] == Hint.__name__:  # a function of the check has raised it
        return Hint(error["text"])
    return type(error["type"], (Exception,), {})(error["text"])


def _hint(words: str) -> str:
    return one_line(f"{NOT_YET}: {words}")

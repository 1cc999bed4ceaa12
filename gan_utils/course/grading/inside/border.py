"""How values cross the border between the grader and the sandbox: as plain JSON, with limits.

``None``, booleans, whole and decimal numbers and strings cross as they are; lists, tuples,
dictionaries, NumPy arrays and pandas tables cross as what they hold. Functions stay on their side:
the other side gets a number by which it can call them. An object of a class in `FACTS` crosses as
some of its attributes, and anything else as the name of its class. Nothing is unpickled or
evaluated, and whatever does not have the right form is refused.
"""

import json

#: The most that may cross at once: bytes of a message, values in it, and levels of nesting.
MOST_BYTES, MOST_VALUES, MOST_LEVELS = 8_000_000, 500_000, 30

#: For some classes of the course, the attributes that stand for an object.
FACTS: dict[str, tuple[str, ...]] = {
    "gan_utils.generative.ring.RingRun": ("scores",),
    "gan_utils.text.chars.CharLanguageModel": (
        *("units", "n_layers", "cell", "embedding_dim", "dropout", "input_dropout", "window"),
        *("batch_size", "learning_rate", "lowercase", "random_state", "network_"),
    ),
}

#: The types of numbers that arrays may hold.
NUMBERS = {
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64"),
}


class BorderError(Exception):
    """A value or a message that may not cross; the message says why."""


def to_line(message: dict) -> bytes:
    """Write a message as one line.

    Parameters
    ----------
    message : dict
        Made of what `Encoder` returns.

    Returns
    -------
    bytes
        JSON that ends with a newline.

    Raises
    ------
    BorderError
        If it has more than `MOST_BYTES`.
    """
    line = json.dumps(message, allow_nan=False).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise BorderError(f"the value takes more than {MOST_BYTES // 1_000_000} MB")
    return line


def from_line(line: bytes) -> dict:
    """Read a message.

    Parameters
    ----------
    line : bytes
        One line.

    Returns
    -------
    dict
        The message.

    Raises
    ------
    BorderError
        If it is not a JSON object.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BorderError("a message is no JSON") from error
    if not isinstance(message, dict):
        raise BorderError("a message is no JSON object")
    return message

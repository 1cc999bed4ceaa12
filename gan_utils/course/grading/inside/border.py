"""Pass values between the grader and the sandbox as plain JSON, within limits.

``None``, booleans, numbers and strings are sent as they are; lists, tuples, dictionaries, NumPy
arrays, tensors and pandas tables are sent as their contents. A function itself is not sent;
instead, the recipient gets a number with which it can call the function. An object with a method
``fit_resample`` is handled in the same way. For an object of a class in `FACTS`, some attributes
are sent; for any other object, only the name of its class is sent. Nothing is unpickled or
evaluated, and anything that does not have the right form is refused.
"""

import json

#: The maximum numbers of bytes, of values and of nesting levels in a message.
MOST_BYTES, MOST_VALUES, MOST_LEVELS = 8_000_000, 500_000, 30

#: For some classes of the course, the attributes that are sent in place of an object.
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
    """Raised if a value or message is refused; the text of the error gives the reason."""


def to_line(message: dict) -> bytes:
    """Write a message as one line.

    Parameters
    ----------
    message : dict
        A message that contains only values from `Encoder`.

    Returns
    -------
    bytes
        JSON that ends with a newline.

    Raises
    ------
    BorderError
        If the message has more than `MOST_BYTES` bytes.
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
        If the line is not a JSON object.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BorderError("a message is no JSON") from error
    if not isinstance(message, dict):
        raise BorderError("a message is no JSON object")
    return message

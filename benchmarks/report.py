"""Put a benchmark's table, with the machine and date, into the matching section of README.md."""

import datetime
import os
import platform
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).with_name("README.md")
PACKAGES = ("tensorflow", "keras", "torch", "sdv", "numpy", "scikit-learn")


def machine() -> str:
    """Describe the date, the machine and the versions in one line."""
    versions = ", ".join(f"{name} {version(name).split('+')[0]}" for name in PACKAGES)
    return (
        f"{datetime.date.today().isoformat()} with {os.cpu_count()} cores ({platform.machine()}), "
        f"no GPU, Python {platform.python_version()}, {versions}"
    )


def publish(section: str, text: str) -> None:
    """Print ``text`` and write it between the section's two markers in README.md."""
    print(text)
    begin, end = f"<!-- begin {section} -->", f"<!-- end {section} -->"
    page = README.read_text(encoding="utf-8")
    if begin not in page or end not in page:
        raise ValueError(f"{README.name} has no section {section!r}. Add '{begin}' and '{end}'.")
    body = f"{begin}\nThese results were measured on {machine()}.\n\n{text}\n{end}"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    README.write_text(re.sub(pattern, lambda _: body, page, flags=re.S), encoding="utf-8")


def spread(values: Iterable[float], shape: str = ".3g") -> tuple[str, str]:
    """Return the mean and the range of values, formatted with ``shape``."""
    values = list(values)
    ends = f"{min(values):{shape}} to {max(values):{shape}}"
    return f"{sum(values) / len(values):{shape}}", ends


def markdown(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

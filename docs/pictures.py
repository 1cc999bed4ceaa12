"""Take the README's pictures of results out of the stored notebooks: ``python docs/pictures.py``.

A picture is found by the beginning of its alternative text, so that the README shows what the
lessons show.
"""

import base64
import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURES = {
    "screentime_pairs.png": ("02_screentime_gan", "Picture: Pair plots of real rows, the classic"),
    "screentime_card.png": ("02_screentime_gan", "Picture: The scorecard of four synthesizers"),
}


def find(notebook: str, description: str) -> bytes:
    """Return the PNG whose text begins with a description."""
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "".join(data.get("text/plain", "")).startswith(description):
                return base64.b64decode("".join(data["image/png"]))
    raise LookupError(f"{path.name} has no picture described as {description!r}. Run `make store`.")


if __name__ == "__main__":
    for name, place in PICTURES.items():
        (ROOT / "docs" / "results" / name).write_bytes(find(*place))

"""A student's set-up without a network: the `make student` folder on an empty machine.

python benchmarks/offline_setup.py [--no-data] [--only 01,02]

The machine is a bubblewrap sandbox: no network, an empty home folder, read-only packages, and
nothing from this checkout. There, `doctor` must print "Ready.", and every lesson must run.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from report import markdown, publish

from gan_utils.course.kit import write_student_folder

ROOT = Path(__file__).parents[1]
HOME, COURSE = "/student", "/student/course"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")

#: A line of the table that `course` prints.
ROW = re.compile(r"^(\d\d_\w+) +([\d.]+) +(\d+) MiB +(\S.*)$", re.MULTILINE)

ALONE = """
import gan_utils, socket
print(gan_utils.__file__)
try:
    socket.create_connection(("1.1.1.1", 443), timeout=5)
    print("there is a network")
except OSError as error:
    print("no network:", error.strerror)
"""


def packages() -> list[str]:
    """List the folders of this Python and its packages, each once."""
    places = [sys.base_prefix, sys.prefix, *(p for p in sys.path if p.endswith("-packages"))]
    found: list[str] = []
    for path in (str(Path(place)) for place in places):
        if not any(Path(path).is_relative_to(other) for other in (*found, "/usr")):
            found.append(path)
    return found


def machine_of(folder: Path) -> list[str]:
    """Return the words that start a command on the empty machine."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/dev/shm"]
    for path in SYSTEM:
        words += ["--ro-bind-try", path, path]
    for name in ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for path in packages():
        words += ["--ro-bind", path, path]
    words += ["--dir", HOME, "--bind", str(folder), COURSE, "--chdir", COURSE]
    settings = {
        "HOME": HOME,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": COURSE,
        "PYTHONUNBUFFERED": "1",
    }
    return [*words, *(word for pair in settings.items() for word in ("--setenv", *pair))]


def run_there(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run Python on the empty machine, show what it prints, and return its status and its lines."""
    command = [*machine_of(folder), sys.executable, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def set_up(place: Path, with_data: bool) -> tuple[Path, str]:
    """Write the student's folder, and copy it as a teacher would; say what data is in it."""
    made = write_student_folder(ROOT, place / "build" / "student", with_data=with_data)
    copy = shutil.copytree(made.path, place / "stick" / "course")
    size = sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
    data = ", ".join(made.data) or "none"
    return copy, f"{size / 2**20:.0f} MiB (data sets in it: {data})"


def results(folder: Path, only: str | None) -> tuple[list[str], list[list[str]], bool]:
    """Run doctor and lessons; return doctor's words, a row per lesson, and whether all is well."""
    _, alone = run_there(folder, "-c", ALONE)
    status, doctor = run_there(folder, "-m", "gan_utils", "doctor")
    words = ["-m", "gan_utils", "course", "--budget", "quick", *(["--only", only] if only else [])]
    ran, printed = run_there(folder, *words)
    rows = [list(row) for row in ROW.findall(printed)]
    own = alone.startswith(f"{COURSE}/gan_utils/") and "no network" in alone
    well = own and status == ran == 0 and doctor.endswith("Ready.\n")
    well = well and bool(rows) and all(row[-1] == "ok" for row in rows)
    return [*alone.splitlines(), *doctor.splitlines()], rows, well


def page(about: str, said: list[str], rows: list[list[str]], well: bool) -> str:
    """Return the text to publish."""
    told = [line for line in said if not line.startswith("ok") or "data" in line]
    verdict = 'every lesson ran, and `doctor` printed "Ready."' if well else "NOT WELL"
    return "\n\n".join(
        [
            f"The folder takes up {about}.",
            "Without a network, the import check and `doctor` print these lines "
            "(a line that begins with `ok` is shown only if it mentions data):",
            "\n".join(f"    {line}" for line in told),
            markdown(["lesson", "seconds", "peak memory, MiB", "result"], rows),
            f"Result for {len(rows)} lessons: {verdict} (both are required).",
        ]
    )


def main() -> int:
    """Measure, publish, and fail if a lesson failed or doctor is not ready."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-data", action="store_true", help="all data comes from packages")
    parser.add_argument("--only", help="only these lessons; then nothing is published")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, about = set_up(Path(place), with_data=not options.no_data)
        said, rows, well = results(folder, options.only)
    text = page(about, said, rows, well)
    if options.only:
        print(text)
    else:
        publish("offline_setup without data" if options.no_data else "offline_setup", text)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

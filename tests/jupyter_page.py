"""JupyterLab as a student sees it: a server of its own, a headless Chromium, a lesson on its page.

Everything lies in a temporary folder, so that the settings of whoever runs the tests neither matter
nor change; the browser finds no other machine than this one.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Seconds until a page or a reply has come, and until the cells of a lesson have run.
SOON, RUN = 60, 400
#: Seconds that processes get to end by themselves.
PATIENCE = 10
TOKEN = "student"
CELLS = ".jp-Notebook .jp-Cell"
ERRORS = "[data-mime-type='application/vnd.jupyter.error']"
#: JupyterLab also shows here what went wrong in JavaScript, such as in a quiz.
STDERR = "[data-mime-type='application/vnd.jupyter.stderr']"

#: Where JupyterLab and IPython read and write, in the folder of the test.
PLACES = {
    "IPYTHONDIR": "ipython",
    "JUPYTERLAB_SETTINGS_DIR": "config/lab/user-settings",
    "JUPYTERLAB_WORKSPACES_DIR": "config/lab/workspaces",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
}
#: Every cell is in the page, also those outside the window; no question and no news.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
}
#: --no-sandbox: Chromium's own sandbox does not start for root, nor in most containers.
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--no-proxy-server",
    "--window-size=1400,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def end_family(process: subprocess.Popen, ask: Callable[[], None]) -> None:
    """Ask a process to end; then end it and all that it has started, by force if need be."""
    family = []
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(process.pid)
        family = [*parent.children(recursive=True), parent]
    ask()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    for one in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(alive, timeout=PATIENCE)


@contextlib.contextmanager
def jupyter_lab(lessons: Path, folder: Path, env: dict[str, str]) -> Iterator[str]:
    """Serve a folder of notebooks, yield the address, and leave no process behind."""
    _write_settings(folder / PLACES["JUPYTERLAB_SETTINGS_DIR"])
    places = {variable: str(folder / place) for variable, place in PLACES.items()}
    env = env | places | {"HOME": str(folder)}
    options = {
        "IdentityProvider.token": TOKEN,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "ServerApp.allow_root": True,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": _free_port(),
        "ServerApp.root_dir": lessons,
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", *words]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        yield _address(server, folder)
    finally:
        end_family(server, server.terminate)


def _write_settings(place: Path) -> None:
    for name, settings in SETTINGS.items():
        file = place / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _address(server: subprocess.Popen, folder: Path) -> str:
    """Wait for the file in which a server tells where it is: the port may have changed."""
    file = folder / PLACES["JUPYTER_RUNTIME_DIR"] / f"jpserver-{server.pid}.json"
    log = folder / "server.log"

    def told(_: object) -> str | bool:
        assert server.poll() is None, f"JupyterLab has ended:\n{log.read_text()}"
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(file.read_text(encoding="utf-8"))["url"]
        return False

    return WebDriverWait(None, SOON, 0.1).until(told, f"JupyterLab has not started: see {log}")


def installed_chromium() -> tuple[str, str]:
    """Find Chromium and its driver, or skip the test."""
    browser, driver = next(filter(None, map(shutil.which, BROWSERS)), None), "chromedriver"
    if browser is None or shutil.which(driver) is None:
        pytest.skip(
            "needs Chromium and its driver on the path; on Debian: "
            "apt-get install chromium chromium-driver"
        )
    return browser, shutil.which(driver)


@contextlib.contextmanager
def chromium(folder: Path, env: dict[str, str]) -> Iterator[Chrome]:
    """Start a browser without a window, and leave no process behind."""
    browser, driver = installed_chromium()
    options = ChromeOptions()
    options.binary_location = browser
    for switch in (*SWITCHES, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(switch)
    # With the driver's path given, Selenium does not look for one in the internet.
    page = webdriver.Chrome(options, Service(driver, env=env | {"HOME": str(folder)}))
    try:
        yield page
    finally:
        end_family(page.service.process, page.quit)


@contextlib.contextmanager
def photographed(page: Chrome, file: Path) -> Iterator[None]:
    """Keep what the page looked like when something went wrong, and name the file."""
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(Exception):
            page.save_screenshot(str(file))
            error.add_note(f"What the page looked like: {file}")
        raise


class LessonPage:
    """A lesson that is open in JupyterLab; its cells are named by their place, from 0."""

    def __init__(self, page: Chrome, address: str, name: str, n_cells: int) -> None:
        self.page = page
        # A workspace of its own, so that no notebook of an earlier page is opened again.
        place = f"lab/workspaces/{Path(name).stem}/tree/{name}"
        page.get(f"{address}{place}?token={TOKEN}")
        self.wait(lambda: len(self._all(CELLS)) == n_cells, "open the lesson")
        # A headless window has no focus by itself, and the status bar is about what has it.
        self.cell(0).click()
        self.wait(lambda: "| Idle" in self._all("#jp-main-statusbar")[0].text, "start a kernel")

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = SOON) -> Any:
        """Wait until a condition is true of the page, and return what it returns."""
        lost = (StaleElementReferenceException, IndexError)
        waiting = WebDriverWait(self.page, seconds, 0.1, ignored_exceptions=lost)
        return waiting.until(lambda _: condition(), f"waited {seconds} s to {what}")

    def cell(self, place: int) -> WebElement:
        """Return a cell, in the middle of the window."""
        cell = self._all(CELLS)[place]
        self.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
        return cell

    def inside(self, place: int, selector: str) -> list[WebElement]:
        """Find elements in a cell by a CSS selector."""
        return self._all(CELLS)[place].find_elements(By.CSS_SELECTOR, selector)

    def troubles(self) -> list[str]:
        """List what the cells show of errors and warnings."""
        return [output.text for output in self._all(f"{ERRORS}, {STDERR}")]

    def drawn_formulas(self) -> int:
        """Count the formulas that MathJax has drawn."""
        return len(self._all(".jp-RenderedMarkdown mjx-container"))

    def raw_formulas(self) -> list[str]:
        """List the texts in which the signs around a formula are still to be seen."""
        return [text.text for text in self._all(".jp-RenderedMarkdown") if "$" in text.text]

    def run_all(self) -> None:
        """Choose "Run All Cells", and wait until all have run."""
        last = self._last_code_cell(before=len(self._all(CELLS)))
        self._run(last, lambda: self._choose("runmenu:run-all"))

    def run_all_above(self, place: int) -> None:
        """Choose "Run All Above Selected Cell", and wait until these have run."""
        self._click_into(place)
        last = self._last_code_cell(before=place)
        self._run(last, lambda: self._choose("notebook:run-all-above"))

    def run(self, place: int) -> str:
        """Run one cell with the keyboard, and return what it shows as text."""
        self._click_into(place)
        self._run(place, lambda: self._press(Keys.SHIFT, Keys.ENTER))
        return "\n".join(part.text for part in self.inside(place, ".jp-OutputArea"))

    def write(self, place: int, text: str) -> None:
        """Replace the text of a cell by typing."""
        self._click_into(place)
        self._press(Keys.CONTROL, "a")
        ActionChains(self.page).send_keys(text).perform()

    def pixels(self, place: int) -> str:
        """Return the pixels of the picture that a cell shows, as a text; "" until it is there."""
        code = """
            const image = arguments[0], canvas = document.createElement("canvas");
            if (!image.complete || !image.naturalWidth) return "";
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL();
        """
        (image,) = self.inside(place, ".jp-OutputArea img")
        return self.page.execute_script(code, image)

    def drag(self, element: WebElement, pixels: int) -> None:
        """Drag an element to the right."""
        ActionChains(self.page).drag_and_drop_by_offset(element, pixels, 0).perform()

    def _all(self, selector: str) -> list[WebElement]:
        return self.page.find_elements(By.CSS_SELECTOR, selector)

    def _click_into(self, place: int) -> None:
        self.cell(place).find_element(By.CSS_SELECTOR, ".cm-content").click()

    def _press(self, held: str, key: str) -> None:
        ActionChains(self.page).key_down(held).send_keys(key).key_up(held).perform()

    def _choose(self, command: str) -> None:
        """Choose from the menu "Run"."""
        (menu,) = (entry for entry in self._all(".lm-MenuBar-item") if entry.text == "Run")
        menu.click()
        entry = f".lm-Menu-item[data-command='{command}']"
        self.wait(lambda: self._all(entry)[0].is_displayed(), "open the menu")
        self._all(entry)[0].click()

    def _last_code_cell(self, before: int) -> int:
        kinds = [cell.get_attribute("class") for cell in self._all(CELLS)[:before]]
        return max(place for place, kind in enumerate(kinds) if "jp-CodeCell" in kind)

    def _prompts(self) -> str:
        """Return the numbers beside all code cells; a star stands for a cell that waits or runs."""
        code = "return [...document.querySelectorAll('.jp-InputPrompt')].map(e => e.textContent)"
        return " ".join(self.page.execute_script(code))

    def _run(self, last: int, start: Callable[[], None]) -> None:
        """Start a run whose last cell is given, and wait until it is over."""
        number = self.inside(last, ".jp-InputPrompt")[0].text
        start()
        changed = "see the run start"
        self.wait(lambda: self.inside(last, ".jp-InputPrompt")[0].text != number, changed)
        self.wait(lambda: "*" not in self._prompts(), "see the run end", RUN)
        self.wait(lambda: "| Idle" in self._all("#jp-main-statusbar")[0].text, "idle", RUN)

"""Files that are fetched: quick to give up, damaged ones never used, in place in one step."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gan_utils.datasets import obtain


@pytest.fixture
def server():
    """Serve ``/book.txt`` on this machine; everything else is 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/book.txt"
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(b"a text" if found else b"")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def whole(path):
    if path.read_bytes() != b"a text":
        raise ValueError("other words")
    return "6 characters"


def test_a_file_is_downloaded(server, tmp_path):
    path = tmp_path / "new" / "book.txt"
    assert obtain.is_there(path, lambda p: obtain.download(f"{server}/book.txt", p), whole)
    assert path.read_bytes() == b"a text"
    assert [p.name for p in path.parent.iterdir()] == ["book.txt"]


def test_a_file_that_the_server_lacks_is_an_error(server, tmp_path):
    with pytest.raises(OSError, match="404"):
        obtain.download(f"{server}/other.txt", tmp_path / "x")


def test_without_a_network_there_is_one_plain_line(tmp_path):
    with pytest.raises(OSError, match=r"^127\.0\.0\.1 cannot be reached\. Is there a network\?$"):
        obtain.download("http://127.0.0.1:9/book.txt", tmp_path / "x")


def test_a_server_that_says_nothing_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(obtain, "SECONDS_TO_READ", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(OSError, match="cannot be reached"):
            obtain.download(f"http://127.0.0.1:{silent.getsockname()[1]}/", tmp_path / "x")
    assert time.monotonic() - begun < 5


def test_a_damaged_file_is_fetched_again(tmp_path):
    path = tmp_path / "book.txt"
    path.write_bytes(b"a te")
    assert obtain.is_there(path, lambda p: p.write_bytes(b"a text"), whole)
    assert path.read_bytes() == b"a text"


def test_a_damaged_file_that_cannot_be_fetched_is_named_and_kept(tmp_path):
    def nowhere(path):
        raise OSError("no network")

    path = tmp_path / "book.txt"
    assert not obtain.is_there(path, nowhere, whole)
    path.write_bytes(b"a te")
    with pytest.raises(ValueError, match=r"book\.txt .* damaged \(other words\).*Delete it"):
        obtain.is_there(path, nowhere, whole)
    assert path.read_bytes() == b"a te"
    assert [p.name for p in tmp_path.iterdir()] == ["book.txt"]


def page_of_a_portal(path):
    path.write_bytes(b"<html>Please sign in</html>")


def test_what_was_fetched_and_is_not_right_is_as_if_offline(tmp_path):
    assert not obtain.is_there(tmp_path / "book.txt", page_of_a_portal, whole)
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_is_not_replaced_by_the_page_of_a_portal(tmp_path):
    path = tmp_path / "book.txt"
    path.write_bytes(b"a te")
    with pytest.raises(ValueError, match="could not be fetched again"):
        obtain.is_there(path, page_of_a_portal, whole)
    assert path.read_bytes() == b"a te"

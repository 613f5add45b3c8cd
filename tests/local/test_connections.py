"""The embedded AWS's end of HTTP: connections that are kept, and answers that end where they say."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.connections import Listening

if TYPE_CHECKING:
    from collections.abc import Iterator


def told(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """An application that answers with what it was sent, without reading it first where that is not wanted."""
    path = environ["PATH_INFO"]
    if path == "/breaks":
        raise KeyError("within")
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    body = b"unread" if path == "/unread" else environ["wsgi.input"].read()
    length = {"/short": "3", "/head": "1234"}.get(path)
    start_response(
        "200 OK", [("X-Method", environ["REQUEST_METHOD"]), *([("Content-Length", length)] if length else [])]
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body, b"!"]


@contextmanager
def serving() -> Iterator[Listening]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = Listening("127.0.0.1", bound.getsockname()[1], told, fd=bound.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Listening]:
    with serving() as started:
        yield started


@pytest.fixture
def connection(server: Listening) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as kept:
        kept.connect()
        kept.auto_open = False  # a closed connection is an error, not opened again
        yield kept


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str) -> Any:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer


def test_every_kind_of_request_leaves_the_connection_to_the_next(connection: http.client.HTTPConnection) -> None:
    for _ in range(2):
        assert ask(connection, "GET", "/")[:2] == (200, b"!")
        assert ask(connection, "POST", "/", b"body")[:2] == (200, b"body!")
        assert ask(connection, "POST", "/unread", b"GET / HTTP/1.1\r\n\r\n")[:2] == (200, b"unread!")
        assert ask(connection, "PUT", "/", iter([b"in ", b"chunks"]))[:2] == (200, b"in chunks!")
        assert ask(connection, "DELETE", "/nothing")[:2] == (204, b"")
        assert ask(connection, "POST", "/short", b"longer")[:2] == (200, b"longer!")
        status, body, answer = ask(connection, "HEAD", "/head")
        assert (status, body, answer.headers["Content-Length"]) == (200, b"", "1234")


def test_what_breaks_is_a_server_error_on_a_connection_that_stays(connection: http.client.HTTPConnection) -> None:
    status, body, _ = ask(connection, "GET", "/breaks")
    assert (status, body) == (500, b"KeyError: 'within'")
    assert ask(connection, "GET", "/")[0] == 200


def test_a_client_that_waits_is_told_to_go_on_once(server: Listening) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client, client.makefile("rb") as answers:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert answers.readline() == b"\r\n"
        client.sendall(b"body")
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "asked", [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]
)
def test_a_client_that_wants_one_answer_gets_one(server: Listening, asked: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client, client.makefile("rb") as answers:
        client.sendall(asked)
        assert answers.read().endswith(b"\r\n\r\n!")  # to the end: the server has closed


def test_a_server_that_is_stopped_answers_on_no_connection() -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", timeout=5)) as kept:
        with serving() as server:
            kept.port = server.port
            assert ask(kept, "GET", "/")[0] == 200
        kept.auto_open = False
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            ask(kept, "GET", "/")

"""The embedded AWS's end of HTTP: many requests on one connection, each answered in one piece."""

from __future__ import annotations

import io
import logging
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from infra.local.faults import RESET_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)
# What describes the connection or the framing, which is decided here.
_OF_THE_CONNECTION = frozenset({"connection", "content-length", "transfer-encoding"})
_WITHOUT_BODY = ("1", "204", "304")


class Handler(MotoRequestHandler):
    """The requests of one connection, read to their end, so that the next one begins where it should.

    werkzeug's own handler closes the connection after each: a client then connects, and the server starts a thread,
    for every call.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listening

    def run_wsgi(self) -> None:
        """Answer one request; none of those that reach a server that is closed."""
        if self.server.closed:
            self.close_connection = True
            return
        environ = self.environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self._body(environ))
        status, headers, body = "500 Internal Server Error", [("Content-Type", "text/plain")], b""

        def start_response(code: str, given: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, headers
            status, headers = code, given

        try:
            parts: Iterable[bytes] = self.server.app(environ, start_response)
            body = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        except Exception as error:
            log.exception("%s %s failed", self.command, self.path)
            status, headers = "500 Internal Server Error", [("Content-Type", "text/plain")]
            body = f"{type(error).__name__}: {error}".encode()
        if any(name.lower() == RESET_HEADER for name, _ in headers):
            self._reset()
            return
        self._answer(status, headers, body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: no line on the terminal for each request."""

    def _reset(self) -> None:
        """Break the connection off without an answer, as a network does."""
        self.close_connection = True
        # Closed at once, with nothing left to send: the other end is told of a reset, not of an end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _body(self, environ: dict[str, Any]) -> bytes:
        if environ.get("wsgi.input_terminated"):  # in chunks, which end by themselves
            return bytes(environ["wsgi.input"].read())
        return self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))

    def _answer(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        if self.request_version < "HTTP/1.1" or self.server.closed:
            self.close_connection = True
        told = [("Server", self.version_string()), ("Date", self.date_time_string())]
        if self.command == "HEAD":
            told += [(name, value) for name, value in headers if name.lower() == "content-length"]
            body = b""
        elif not status.startswith(_WITHOUT_BODY):
            told.append(("Content-Length", str(len(body))))
        told += [(name, value) for name, value in headers if name.lower() not in _OF_THE_CONNECTION]
        if self.close_connection:
            told.append(("Connection", "close"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in told)
        # In one piece: what follows a part already sent would wait for the client to confirm that.
        self.wfile.write(f"{self.protocol_version} {status}\r\n{lines}\r\n".encode("latin-1") + body)


class Listening(ThreadedWSGIServer):
    """A server with a thread for each connection, which ends them when it is closed."""

    def __init__(self, host: str, port: int, app: Any, fd: int) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(host, port, app, handler=Handler, fd=fd)
        self.closed = False  # only now: to take the descriptor, it closes what it had opened itself

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Let a connection go."""
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and take no further request on the connections that are open."""
        self.closed = True
        super().server_close()
        for connection in list(self._open):
            with suppress(OSError):  # gone by itself meanwhile
                connection.shutdown(socket.SHUT_RD)

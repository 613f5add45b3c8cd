"""Policy documents as services read them before they take them: their statements, entries and principals."""

from __future__ import annotations

import json
import re
from typing import Any

Document = dict[str, Any]
ENTITY = re.compile(r"arn:[\w-]+:iam::(\d{12}):(?:role|user)/[\w+=,.@/-]+")
WITHOUT_CHECK = re.compile(
    r"\*|\d{12}|arn:[\w-]+:iam::\d{12}:root|arn:[\w-]+:sts::\d{12}:(assumed-role|federated-user)/.+"
)


def parsed(text: str | Document) -> Document | None:
    """The document, or None where the text is not a JSON object."""
    if isinstance(text, dict):
        return text
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def statements(document: Document) -> list[Document]:
    """The document's statements; a single one need not stand in a list."""
    found = document.get("Statement") or []
    return found if isinstance(found, list) else [found]


def entries(statement: Document, element: str) -> list[str]:
    """What an element such as Action lists; a single entry need not stand in a list."""
    found = statement.get(element) or []
    return found if isinstance(found, list) else [found]


def principals(document: Document, kind: str = "AWS") -> list[str]:
    """Every principal of one kind that the document's statements name."""
    named = []
    for statement in statements(document):
        for element in ("Principal", "NotPrincipal"):
            principal = statement.get(element)
            if principal == "*" and kind == "AWS":
                named.append("*")
            elif isinstance(principal, dict):
                named += [str(entry) for entry in entries(principal, kind)]
    return named


def unknown_principals(document: Document, partition: str = "") -> list[str]:
    """The principals that a service refuses: roles and users that are not there, and what is no principal at all.

    With `partition`, principals of another one too.
    """
    return [principal for principal in principals(document) if not _is_known(principal, partition)]


def _is_known(principal: str, partition: str) -> bool:
    from moto.iam.models import iam_backends

    if partition and principal.startswith("arn:") and principal.split(":")[1] != partition:
        return False
    if WITHOUT_CHECK.fullmatch(principal):
        return True
    entity = ENTITY.fullmatch(principal)
    if entity is None:
        return False
    backend: Any = iam_backends[entity[1]][principal.split(":")[1]]
    return any(found.arn == principal for found in (*backend.roles.values(), *backend.users.values()))

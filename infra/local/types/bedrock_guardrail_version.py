"""AWS::Bedrock::GuardrailVersion."""

from __future__ import annotations

from infra.local.declared import Call, Declared

_VERSION = {"guardrailIdentifier": "{guardrailId}", "guardrailVersion": "{version}"}


class GuardrailVersion(Declared, name="AWS::Bedrock::GuardrailVersion"):
    """A numbered snapshot of a guardrail's draft; Ref is the guardrail's id and the number, joined by a pipe."""

    service = "bedrock"
    creates = Call("create_guardrail_version")
    identity = "{guardrailId}|{version}"
    parts = ("guardrailId", "version")
    reads = (Call("get_guardrail", _VERSION),)
    deletes = Call("delete_guardrail", _VERSION)

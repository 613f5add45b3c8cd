"""AWS::Logs::ResourcePolicy."""

from __future__ import annotations

from infra.local.declared import Call, Declared


class ResourcePolicy(Declared, name="AWS::Logs::ResourcePolicy"):
    """A policy of the account by which AWS services may write to its log groups."""

    service = "logs"
    creates = Call("put_resource_policy")
    identity = "{PolicyName}"
    reads = (Call("describe_resource_policies", {}, "resourcePolicies[?policyName=='{id}'] | [0]"),)
    updates = Call("put_resource_policy")
    deletes = Call("delete_resource_policy", {"policyName": "{id}"})

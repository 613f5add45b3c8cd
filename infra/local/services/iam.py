"""IAM, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import (
    DeleteConflictException,
    MalformedPolicyDocument,
    NotFoundException,
    ValidationError,
)
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse
from moto.settings import load_iam_aws_managed_policies

from infra.local.mend import replace, wrap
from infra.local.policy_documents import parsed, statements
from infra.local.rules import iam_managed_policy, iam_policy, iam_role

SESSIONS = range(3600, 43_201)


def extend() -> None:
    """Mend moto's IAM."""
    replace(IamResponse, get_region_from_url=_region, update_role=_update_role, get_policy=_get_policy)
    replace(ManagedPolicy, attach_to=_attach_to)
    replace(IAMBackend, _init_aws_policies=_init_aws_policies)
    wrap(
        IAMBackend,
        attach_role_policy=_attach_role_policy,
        create_policy=_create_policy,
        create_policy_version=_create_policy_version,
        create_role=_create_role,
        delete_policy=_delete_policy,
        put_role_permissions_boundary=_put_role_permissions_boundary,
        put_role_policy=_put_role_policy,
        update_assume_role_policy=_update_assume_role_policy,
    )


def _init_aws_policies(self: Any) -> list[AWSManagedPolicy]:
    """AWS's managed policies of one account; moto parses 4 MB anew for every account and partition."""
    if not load_iam_aws_managed_policies():
        return []
    return [
        AWSManagedPolicy(  # type: ignore[abstract]  # as moto does
            name, account_id=self.account_id, region=self.region_name, **given
        )
        for name, given in _aws_policies().items()
    ]


@cache
def _aws_policies() -> dict[str, dict[str, Any]]:
    return {
        name: {
            "default_version_id": told.get("DefaultVersionId"),
            "path": told.get("Path"),
            "document": json.dumps(told.get("Document")),
            "create_date": datetime.fromisoformat(told["CreateDate"]),
            "update_date": datetime.fromisoformat(told["UpdateDate"]),
        }
        for name, told in json.loads(aws_managed_policies_data).items()
    }


def _region(self: Any, request: Any, full_url: str) -> str:
    """The region signed for: moto takes `us-gov` of iam.us-gov.amazonaws.com for a region of partition aws."""
    found: str = BaseResponse.get_region_from_url(self, request, full_url)
    signed = request.headers.get("Authorization", "").split("/")
    return found if found[-1:].isdigit() or len(signed) < 3 else signed[2]


def _attach_to(policy: Any, holder: Any) -> None:
    """Attaching what is attached changes nothing: moto counts it again."""
    policy.attachment_count += policy.arn not in holder.managed_policies
    holder.managed_policies[policy.arn] = policy


def _attach_role_policy(backend: Any, motos: Any, policy_arn: str, role_name: str) -> None:
    iam_role.policies_partition(policy_arn, backend.partition)
    attached = {*backend.get_role(role_name).managed_policies, policy_arn}
    iam_role.attached(attached)
    motos(backend, policy_arn, role_name)


def _create_policy(backend: Any, motos: Any, description: str, path: str, document: str, *rest: Any) -> Any:
    _check_managed(backend, document)
    return motos(backend, description, path, document, *rest)


def _create_policy_version(backend: Any, motos: Any, policy_arn: str, document: str, set_as_default: bool) -> Any:
    _check_managed(backend, document)
    version = motos(backend, policy_arn, document, set_as_default)
    backend.get_policy(policy_arn).update_date = utcnow()
    return version


def _check_managed(backend: Any, document: str) -> None:
    _check_policy(backend, document)
    iam_managed_policy.size(document)


def _check_policy(backend: Any, document: str) -> None:
    iam_policy.principal(document)
    iam_policy.partition(document, backend.partition)
    iam_policy.resource_arns(document)
    iam_policy.sid(document)


def _put_role_policy(backend: Any, motos: Any, role_name: str, policy_name: str, document: str) -> None:
    _check_policy(backend, document)
    inline = {**backend.get_role(role_name).policies, policy_name: document}
    iam_policy.size(role_name, inline)
    motos(backend, role_name, policy_name, document)


def _create_role(backend: Any, motos: Any, role_name: str, trust: str, *rest: Any) -> Any:
    """`rest` is path, boundary, description, tags and longest session."""
    _check_trust(backend, trust)
    if boundary := rest[1]:
        _check_boundary(backend, boundary)
    _check_session(rest[4])
    return motos(backend, role_name, trust, *rest)


def _update_assume_role_policy(backend: Any, motos: Any, role_name: str, trust: str) -> None:
    backend.get_role(role_name)
    _check_trust(backend, trust)
    motos(backend, role_name, trust)


def _check_trust(backend: Any, trust: str) -> None:
    """moto looks at a trust policy only when it is changed, and never at whom it names."""
    document = parsed(trust) or {}
    # AWS takes a trust policy without a Version, as the CDK's bootstrap template writes it; moto's reading does not.
    IAMTrustPolicyDocumentValidator(json.dumps({"Version": "2012-10-17", **document}) if document else trust).validate()
    if any(not one.get("Principal") and not one.get("NotPrincipal") for one in statements(document)):
        raise MalformedPolicyDocument("Missing required field Principal")
    iam_role.trust_services(document)
    iam_role.trust_principals(document, backend.partition)
    iam_role.trust_size(trust)


def _put_role_permissions_boundary(backend: Any, motos: Any, role_name: str, boundary: str) -> None:
    _check_boundary(backend, boundary)
    motos(backend, role_name, boundary)


def _check_boundary(backend: Any, boundary: str) -> None:
    iam_role.policies_partition(boundary, backend.partition)
    if boundary not in backend.managed_policies:
        raise NotFoundException(f"Scope ARN: {boundary} does not exist or is not attachable.")


def _update_role(response: Any) -> ActionResult:
    """Only what is named changes: moto takes the description and the longest session back to nothing."""
    role = response.backend.get_role(response._get_param("RoleName"))
    session = response._get_param("MaxSessionDuration")
    _check_session(session)
    role.max_session_duration = session or role.max_session_duration
    description = response._get_param("Description")
    role.description = role.description if description is None else description
    return EmptyResult()


def _check_session(seconds: Any) -> None:
    if seconds is not None and int(seconds) not in SESSIONS:
        raise ValidationError(
            f"1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to satisfy constraint: "
            f"Member must have value between {SESSIONS[0]} and {SESSIONS[-1]}"
        )


def _get_policy(response: Any) -> ActionResult:
    policy = response.backend.get_policy(response._get_param("PolicyArn"))
    policy.permissions_boundary_usage_count = len(_bounded(response.backend, policy.arn))
    return ActionResult({"Policy": policy})


def _delete_policy(backend: Any, motos: Any, policy_arn: str) -> None:
    """A policy that is attached, bounds someone or has other versions stays."""
    policy = backend.get_policy(policy_arn)
    if policy.attachment_count or _bounded(backend, policy_arn):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
    motos(backend, policy_arn)


def _bounded(backend: Any, policy_arn: str) -> list[Any]:
    return [role for role in backend.roles.values() if role.permissions_boundary_arn == policy_arn]

"""The role that CloudFormation deploys an enclave with: the only one that may change what protects evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import DefaultStackSynthesizer

if TYPE_CHECKING:
    from constructs import IConstruct

    from infra.settings import Enclave

QUALIFIER_CONTEXT = "@aws-cdk/core:bootstrapQualifier"


def deployment_role_arn(scope: IConstruct, settings: Enclave, account: str) -> str:
    """The ARN of the CDK bootstrap's CloudFormation execution role of `account` in the enclave's region.

    Resource policies name it in conditions (`aws:PrincipalArn`), never as a principal, so that a policy can be
    written before the role exists and outlives it.
    """
    qualifier = scope.node.try_get_context(QUALIFIER_CONTEXT) or DefaultStackSynthesizer.DEFAULT_QUALIFIER
    role = f"cdk-{qualifier}-cfn-exec-role-{account}-{settings.region}"
    return f"arn:{settings.partition}:iam::{account}:role/{role}"

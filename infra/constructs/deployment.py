"""The role that CloudFormation deploys an enclave with: the only one that may change what protects evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import DefaultStackSynthesizer, Stack

if TYPE_CHECKING:
    from constructs import IConstruct

QUALIFIER_CONTEXT = "@aws-cdk/core:bootstrapQualifier"


def deployment_role_arn(scope: IConstruct) -> str:
    """The ARN of the CDK bootstrap's CloudFormation execution role in the account and region of `scope`.

    Resource policies name it in conditions (`aws:PrincipalArn`), never as a principal, so that a policy can be
    written before the role exists and outlives it.
    """
    stack = Stack.of(scope)
    qualifier = scope.node.try_get_context(QUALIFIER_CONTEXT) or DefaultStackSynthesizer.DEFAULT_QUALIFIER
    name = f"cdk-{qualifier}-cfn-exec-role-{stack.account}-{stack.region}"
    return f"arn:{stack.partition}:iam::{stack.account}:role/{name}"

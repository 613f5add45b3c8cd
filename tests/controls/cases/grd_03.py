"""GRD-03: a version of the guardrail as it stands, named by its number wherever it is named."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SAID = {"BlockedInputMessaging": "no", "BlockedOutputsMessaging": "no"}


def digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


DIGEST = digest(SAID)
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
ARN, NUMBER = {"Fn::GetAtt": ["Guardrail", "GuardrailArn"]}, {"Fn::GetAtt": ["Version", "Version"]}
PINNED = {"Fn::Join": [":", [ARN, NUMBER]]}
TAGS = [{"Key": "Owner", "Value": "ops"}]
BY_ID = {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}
ANY = {"Fn::Sub": "${Guardrail.GuardrailArn}:*"}
GOOD: dict[str, Any] = {
    "Guardrail": {
        "Type": "AWS::Bedrock::Guardrail",
        "Properties": {**SAID, "Tags": [{"Key": "Owner", "Value": "ops"}]},
    },
    "Version": {
        "Type": "AWS::Bedrock::GuardrailVersion",
        **KEPT,
        "Properties": {"GuardrailIdentifier": ARN, "Description": f"sha256:{DIGEST}"},
    },
    "Enforced": {
        "Type": "AWS::Bedrock::EnforcedGuardrailConfiguration",
        "Properties": {"GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}, "GuardrailVersion": NUMBER},
    },
    "Policy": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "bedrock:InvokeModel",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"bedrock:GuardrailIdentifier": PINNED}},
                    }
                ]
            }
        },
    },
}
CONDITION = "Policy.Properties.PolicyDocument.Statement.0.Condition"
NAMED = f"{CONDITION}.StringEquals.bedrock:GuardrailIdentifier"
IN_ORDER = [{"Text": "a"}, {"Text": "b"}]
BYPASSES = {
    "guardrail changed, version not": {"Guardrail.Properties.BlockedInputMessaging": "welcome"},
    "version without description": {"Version.Properties.Description": None},
    "no version": {"Version": None, "Enforced": None, "Policy": None},
    "version of another guardrail": {
        "Other": {"Type": "AWS::Bedrock::Guardrail", "Properties": SAID},
        "Version.Properties.GuardrailIdentifier": {"Ref": "Other"},
    },
    "second guardrail without version": {"Second": {"Type": "AWS::Bedrock::Guardrail", "Properties": SAID}},
    "version goes when replaced": {"Version.UpdateReplacePolicy": None},
    "version goes with its stack": {"Version.DeletionPolicy": "Delete"},
    "draft enforced": {"Enforced.Properties.GuardrailVersion": "DRAFT"},
    "draft enforced by attribute": {"Enforced.Properties.GuardrailVersion": {"Fn::GetAtt": ["Guardrail", "Version"]}},
    "another version enforced": {"Enforced.Properties.GuardrailVersion": "7"},
    "policy names any version": {NAMED: ARN},
    "policy names the draft": {NAMED: {"Fn::Join": [":", [ARN, "DRAFT"]]}},
    "policy names versions by pattern": {CONDITION: {"StringLike": {"bedrock:GuardrailIdentifier": ANY}}},
    "policy names another guardrail too": {
        NAMED: [PINNED, "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:guardrail/other:1"]
    },
}
UNKNOWN = {
    "message from a parameter": {"Guardrail.Properties.BlockedInputMessaging": {"Ref": "Anything"}},
    "version from a parameter": {"Enforced.Properties.GuardrailVersion": {"Ref": "Anything"}},
    "policy's value from a parameter": {NAMED: {"Ref": "Anything"}},
}
HARMLESS = {
    "words in another order": {
        "Guardrail.Properties.WordPolicyConfig": {"WordsConfig": IN_ORDER[::-1]},
        "Version.Properties.Description": digest({**SAID, "WordPolicyConfig": {"WordsConfig": IN_ORDER}}),
    },
    "other tags and name": {"Guardrail.Properties.Tags": None, "Guardrail.Properties.Name": "renamed"},
    "guardrail enforced by ARN": {"Enforced.Properties.GuardrailIdentifier": ARN},
    "version of the guardrail's id": {
        "Version.Properties.GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}
    },
    "description says more": {"Version.Properties.Description": f"content {DIGEST}, minted by synth"},
    "an older version beside it": {
        "Older": {**KEPT, "Type": "AWS::Bedrock::GuardrailVersion", "Properties": {"GuardrailIdentifier": ARN}}
    },
    "absence refused by Null": {f"{CONDITION}.Null": {"bedrock:GuardrailIdentifier": "false"}},
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}}

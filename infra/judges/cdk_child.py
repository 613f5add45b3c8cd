"""The child process of `cdk_report`: includes templates into a fresh App and lets CDK's judges write their report."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

gc.disable()  # a short-lived process that allocates once: collection only costs

import aws_cdk as cdk  # noqa: E402  # after gc.disable, which is the point of it
from aws_cdk.cloudformation_include import CfnInclude  # noqa: E402
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks  # noqa: E402
from cdk_preflight import Preflight  # noqa: E402

# Refuses arn:aws-us-gov: in a Scheduler universal target, which is right there (cdk-preflight 1.9.1, read 2026-11-24).
FALSE_ALARMS = ["pf-scheduler-universal-target"]

# What no judge may pass: a bare bucket (nag), a FIFO queue without its suffix (validation), a managed policy
# of no partition (preflight).
CANARY = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True, "QueueName": "canary"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "ManagedPolicyArns": ["arn:aws-nowhere:iam::aws:policy/ReadOnlyAccess"],
            },
        },
    }
}


def main(folder: str, environments: str) -> None:
    """Write `folder`/out/validation-report.json for the templates S0.json, S1.json, … in their environments."""
    Path(folder, "Canary.json").write_text(json.dumps(CANARY))
    places = json.loads(environments)
    app = cdk.App(outdir=str(Path(folder, "out")), analytics_reporting=False, tree_metadata=False)
    named = [(f"S{number}", *place) for number, place in enumerate(places)]
    for name, account, region in [*named, ("Canary", "111122223333", places[0][1] if places else "us-gov-west-1")]:
        stack = cdk.Stack(
            app,
            name,
            env=cdk.Environment(account=account, region=region),
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        CfnInclude(stack, "T", template_file=str(Path(folder, f"{name}.json")))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), NIST80053R5Checks(app))
    Preflight.apply(app, exclude=FALSE_ALARMS)
    try:
        app.synth()
    except RuntimeError as error:
        if not str(error).startswith("ValidationFailed"):  # the canary makes every run end so
            raise


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Names that AWS made up are turned back into the templates' own; names that templates give are left alone."""

from __future__ import annotations

import pytest

from infra.live.names import VERSION, Made, Names, own_id
from infra.posture.values import Place, Ref, Source

PLACE = Place("111122223333", "us-gov-west-1")


def made(type_name: str, ref: str, id: str, *, named: bool = False) -> Made:
    return Made(type_name, Ref(ref), id, named, Source(), PLACE)


NAMES = Names(
    [
        made("AWS::S3::Bucket", "archive/Evidence", "archive-evidence-abc"),
        made("AWS::S3::Bucket", "archive/EvidenceLogs", "archive-evidence-abc-logs"),
        made("AWS::S3::BucketPolicy", "archive/Policy", "archive-evidence-abc"),
        made("AWS::IAM::Role", "access/Worker", "worker", named=True),
        made("AWS::EC2::VPC", "network/Vpc", "vpc-0abc"),
        made("AWS::Bedrock::Guardrail", "inference/Guardrail", "gr1"),
        made(VERSION, "inference/Version", "gr1|1"),
    ]
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("arn:aws-us-gov:s3:::archive-evidence-abc/AWSLogs/*", "arn:aws-us-gov:s3:::{archive/Evidence}/AWSLogs/*"),
        ("archive-evidence-abc-logs", "{archive/EvidenceLogs}"),
        ("vpc-0abc", "{network/Vpc}"),
        ("vpc-0abcd", "vpc-0abcd"),
        ("myvpc-0abc", "myvpc-0abc"),
        ("arn:aws-us-gov:iam::111122223333:role/worker", "arn:aws-us-gov:iam::111122223333:role/worker"),
        ("guardrail/gr1", "guardrail/{inference/Guardrail}"),
        ("guardrail/gr1:1", "guardrail/{inference/Guardrail}:{inference/Version.Version}"),
        ("guardrail/gr1:2", "guardrail/{inference/Guardrail}:2"),
    ],
)
def test_canonical(text: str, canonical: str) -> None:
    assert NAMES.canonical({"a": [text, 1]}) == {"a": [canonical, 1]}


def test_a_version_s_number_is_turned_back_beside_its_guardrail() -> None:
    assert NAMES.version("gr1", "1") == "{inference/Version.Version}"
    assert NAMES.version("gr1", "2") == "2"


def test_a_name_that_the_arn_spells_in_small_letters_is_found_and_turned_back() -> None:
    names = Names([made("AWS::SageMaker::Model", "hosting/Model", "s-model-ab")])
    model = names.made("AWS::SageMaker::Model", "s-Model-AB")
    assert model is not None
    names.also(model, "s-Model-AB")
    assert names.canonical(["s-Model-AB", "model/s-model-ab"]) == ["{hosting/Model}", "model/{hosting/Model}"]


def test_a_part_that_aws_made_is_named_after_its_whole() -> None:
    names = Names([made("AWS::EC2::VPC", "network/Vpc", "vpc-1")])
    whole = names.made("AWS::EC2::VPC", "vpc-1")
    assert whole is not None
    assert names.canonical("sg-1") == "sg-1"
    names.add_part(whole, "DefaultSecurityGroup", "sg-1")
    assert names.canonical("sg-1") == "{network/Vpc.DefaultSecurityGroup}"


@pytest.mark.parametrize(
    ("type_name", "physical_id", "own"),
    [
        ("AWS::SNS::Topic", "arn:aws-us-gov:sns:us-gov-west-1:111122223333:s-Topic-AB", "s-Topic-AB"),
        ("AWS::IAM::ManagedPolicy", "arn:aws-us-gov:iam::111122223333:policy/s-P-AB", "s-P-AB"),
        ("AWS::IAM::ManagedPolicy", "arn:aws-us-gov:iam::111122223333:policy/path/s-P-AB", "s-P-AB"),
        ("AWS::StepFunctions::StateMachine", "arn:aws-us-gov:states:us-gov-west-1:1:stateMachine:m", "m"),
        ("AWS::Bedrock::Guardrail", "arn:aws-us-gov:bedrock:us-gov-west-1:1:guardrail/gr1", "gr1"),
        ("AWS::SageMaker::Model", "arn:aws-us-gov:sagemaker:us-gov-west-1:1:model/m-AB", "m-AB"),
        ("AWS::SageMaker::Model", "m-AB", "m-AB"),
        ("AWS::Events::Rule", "s-Rule-AB", "s-Rule-AB"),
        ("AWS::Events::Rule", "arn:aws-us-gov:events:us-gov-west-1:1:rule/s-Rule-AB", "s-Rule-AB"),
        ("AWS::SQS::Queue", "https://sqs.us-gov-west-1.amazonaws.com/111122223333/s-Q-AB", "s-Q-AB"),
        ("AWS::EC2::VPC", "vpc-1", "vpc-1"),
        ("AWS::Logs::MetricFilter", "group|s-Filter-AB", "s-Filter-AB"),
        (VERSION, "gr1|1", "gr1|1"),
        ("AWS::Logs::LogGroup", "/aws/vended/x", "/aws/vended/x"),
    ],
)
def test_own_id(type_name: str, physical_id: str, own: str) -> None:
    assert own_id(type_name, physical_id) == own

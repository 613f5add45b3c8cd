"""The hosted model is isolated, pinned by content, recorded in full, and reached by nobody's shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra import catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.settings import Enclave

    Synth = Callable[[Enclave], dict[str, dict[str, Any]]]

DIGEST = "17c1989bcf6176f81b33515ad7c32314600ecfdf33af817cf002db31c01cf0f4"


def only(template: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [one for one in template["Resources"].values() if one["Type"] == kind]
    properties: dict[str, Any] = found["Properties"]
    return properties


def on(sandbox: Enclave, **changes: Any) -> Enclave:
    assert sandbox.hosting
    hosting = sandbox.hosting.model_copy(update=changes)
    return sandbox.model_copy(update={"hosting": hosting}).with_profile(sandbox.profile)


@pytest.fixture(scope="module")
def hosting(whole: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return whole["hosting"]


def test_the_container_has_no_network_and_its_model_lies_in_the_vpc(hosting: dict[str, Any]) -> None:
    model = only(hosting, "AWS::SageMaker::Model")
    assert model["EnableNetworkIsolation"] is True
    assert len(model["VpcConfig"]["Subnets"]) == 2
    assert len(model["VpcConfig"]["SecurityGroupIds"]) == 1


def test_its_group_lets_nothing_in_and_out_only_to_s3(hosting: dict[str, Any], sandbox: Enclave) -> None:
    kinds = [one["Type"] for one in hosting["Resources"].values()]
    assert "AWS::EC2::SecurityGroupIngress" not in kinds
    assert "SecurityGroupIngress" not in only(hosting, "AWS::EC2::SecurityGroup")
    egress = only(hosting, "AWS::EC2::SecurityGroupEgress")
    assert egress["DestinationPrefixListId"] == sandbox.network.prefix_lists["s3"]
    assert "CidrIp" not in egress
    # EC2 gives a group without any rule one that allows everything; the CDK's own rule matches no traffic.
    (inline,) = only(hosting, "AWS::EC2::SecurityGroup")["SecurityGroupEgress"]
    assert inline["CidrIp"] == "255.255.255.255/32"


def test_image_and_artefact_are_pinned_by_what_they_are(hosting: dict[str, Any]) -> None:
    container = only(hosting, "AWS::SageMaker::Model")["PrimaryContainer"]
    assert "@sha256:" in container["Image"]
    source = container["ModelDataSource"]["S3DataSource"]
    assert json.dumps(source["S3Uri"]).rstrip(']}"').endswith(f"/sha256/{DIGEST}/model.tar.gz")
    assert "ModelDataUrl" not in container


def test_its_role_reads_that_image_and_that_artefact_alone(hosting: dict[str, Any]) -> None:
    document = only(hosting, "AWS::IAM::ManagedPolicy")["PolicyDocument"]
    by_action = {
        action: statement["Resource"]
        for statement in document["Statement"]
        for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
    }
    assert by_action["ecr:BatchGetImage"] == "arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/vllm"
    assert f"/sha256/{DIGEST}/model.tar.gz" in json.dumps(by_action["s3:GetObject"])
    assert "/data-capture/sandbox/*" in json.dumps(by_action["s3:PutObject"])


def test_every_request_and_answer_is_captured_and_encrypted(hosting: dict[str, Any]) -> None:
    capture = only(hosting, "AWS::SageMaker::EndpointConfig")["DataCaptureConfig"]
    assert capture["EnableCapture"] is True
    assert capture["InitialSamplingPercentage"] == 100
    assert {option["CaptureMode"] for option in capture["CaptureOptions"]} == {"Input", "Output"}
    assert capture["KmsKeyId"]


def test_there_is_no_shell_and_no_core_dump(hosting: dict[str, Any]) -> None:
    (variant,) = only(hosting, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["EnableSSMAccess"] is False
    assert "CoreDumpConfig" not in variant


@pytest.mark.parametrize(("instance_type", "takes_key"), [("ml.g5.12xlarge", False), ("ml.m7i.4xlarge", True)])
def test_the_volume_gets_a_key_wherever_sagemaker_takes_one(
    sandbox: Enclave, enclave_synth: Synth, instance_type: str, takes_key: bool
) -> None:
    template = enclave_synth(on(sandbox, instance_type=instance_type))["hosting"]
    assert ("KmsKeyId" in only(template, "AWS::SageMaker::EndpointConfig")) is takes_key


def test_local_storage_is_a_fact_of_the_family_and_unknown_families_have_none() -> None:
    storage = catalog.local_storage()
    assert storage.has("ml.p4d.24xlarge")
    assert storage.has("ml.c6gd.xlarge")
    assert not storage.has("ml.c6g.xlarge")
    assert not storage.has("ml.of-next-year.xlarge")


def test_the_endpoint_waits_for_its_log_group_and_scaling_for_the_endpoint(hosting: dict[str, Any]) -> None:
    resources = hosting["Resources"]
    by_kind = {one["Type"]: (name, one) for name, one in resources.items()}
    endpoint, one = by_kind["AWS::SageMaker::Endpoint"]
    assert by_kind["AWS::Logs::LogGroup"][0] in one["DependsOn"]
    assert endpoint in by_kind["AWS::ApplicationAutoScaling::ScalableTarget"][1]["DependsOn"]
    group = only(hosting, "AWS::Logs::LogGroup")
    assert group["LogGroupName"] == f"/aws/sagemaker/Endpoints/{one['Properties']['EndpointName']}"
    assert group["KmsKeyId"]


def test_hosting_without_the_way_to_its_weights_is_refused(sandbox: Enclave, enclave_synth: Synth) -> None:
    network = sandbox.network.model_copy(update={"prefix_lists": {}})
    with pytest.raises(ValueError, match="no prefix list of s3"):
        enclave_synth(sandbox.model_copy(update={"network": network}).with_profile(sandbox.profile))

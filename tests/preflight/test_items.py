"""Each precondition: verified, refuted once what it asks for is broken, unverified where nobody answers."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from infra.deployment.artifact import key_of
from infra.local.cloudformation import operations
from infra.preflight.about import About
from infra.preflight.item import State, items
from infra.preflight.permissions import permissions
from tests.preflight.conftest import ACCOUNT, EVIDENCE, World, bootstrap, connected

REGION = "us-gov-west-1"
WEIGHTS = b"weights"
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


def same(world: World) -> World:
    """A furnished account as it is."""
    return world


def evidence_elsewhere(world: World) -> World:
    def archive_is_there(manifest: Any, _bodies: Any) -> None:
        for artifact in manifest["artifacts"].values():
            if artifact.get("properties", {}).get("stackName") == "sandbox-archive":
                artifact["environment"] = f"aws://{EVIDENCE}/{REGION}"

    session = connected(EVIDENCE)
    bootstrap(session, EVIDENCE)
    found = world.with_settings(accounts__evidence=EVIDENCE).with_assembly(archive_is_there)
    return replace(found, sessions={**found.sessions, "evidence": session})


def evidence_of_another(world: World) -> World:
    return world.with_settings(accounts__evidence="777788889999")


def evidence_not_bootstrapped(world: World) -> World:
    found = evidence_elsewhere(world)
    connected(EVIDENCE).client("ssm").delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    return found


def old_bootstrap(world: World) -> World:
    parameter = {"Name": "/cdk-bootstrap/hnb659fds/version", "Type": "String", "Value": "5", "Overwrite": True}
    world.client("ssm").put_parameter(**parameter)
    return world


def role(kind: str) -> str:
    return f"cdk-hnb659fds-{kind}-role-{ACCOUNT}-{REGION}"


def powerless(world: World) -> World:
    arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
    world.client("iam").detach_role_policy(RoleName=role("cfn-exec"), PolicyArn=arn)
    return world


def no_deploy_role(world: World) -> World:
    iam = world.client("iam")
    arn = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
    iam.detach_role_policy(RoleName=role("deploy"), PolicyArn=arn)
    iam.delete_role(RoleName=role("deploy"))
    return world


def ingress_blocked(world: World) -> World:
    world.client("ec2").modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    return world


def internet_in_use(world: World) -> World:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/24")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/28")["Subnet"]["SubnetId"]
    ec2.create_network_interface(SubnetId=subnet)
    return world


def other_guardrail(world: World) -> World:
    bedrock = world.client("bedrock")
    words = {"wordsConfig": [{"text": "theirs"}]}
    messages = {"blockedInputMessaging": "no", "blockedOutputsMessaging": "no"}
    made = bedrock.create_guardrail(name="theirs", wordPolicyConfig=words, **messages)["guardrailId"]
    version = bedrock.create_guardrail_version(guardrailIdentifier=made)["version"]
    config = {"guardrailIdentifier": made, "guardrailVersion": version}
    bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=config)
    return world


def bucket(world: World, name: str, service: str, *actions: str) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": list(actions),
        "Resource": [f"arn:aws-us-gov:s3:::{name}", f"arn:aws-us-gov:s3:::{name}/*"],
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def other_logging(world: World) -> World:
    bucket(world, "their-invocations", "bedrock", "s3:PutObject")
    config = {"s3Config": {"bucketName": "their-invocations"}}
    world.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=config)
    return world


def other_retention(world: World) -> World:
    world.client("bedrock").put_account_data_retention(mode="provider_data_share")
    return world


def other_gateway_role(world: World) -> World:
    iam = world.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName="theirs", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    push = "arn:aws-us-gov:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    iam.attach_role_policy(RoleName="theirs", PolicyArn=push)
    patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": f"arn:aws-us-gov:iam::{ACCOUNT}:role/theirs"}
    world.client("apigateway").update_account(patchOperations=[patch])

    def sets_one(_manifest: Any, bodies: Any) -> None:
        bodies["foundation"]["Resources"]["Gateway"] = {"Type": "AWS::ApiGateway::Account", "Properties": {}}

    return world.with_assembly(sets_one)


def many_vpcs(world: World) -> World:
    ec2 = world.client("ec2")
    for number in range(5):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/24")
    return world


def many_interface_endpoints(world: World) -> World:
    def more(_manifest: Any, bodies: Any) -> None:
        resources = bodies["network"]["Resources"]
        (one, *_) = [
            each for each in resources.values() if each.get("Properties", {}).get("VpcEndpointType") == "Interface"
        ]
        resources.update({f"More{number}": one for number in range(50)})

    return world.with_assembly(more)


def many_gateway_endpoints(world: World) -> World:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/24")["Vpc"]["VpcId"]
    for _ in range(19):
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway")
    return world


def other_endpoint(world: World) -> World:
    assert world.settings.hosting
    variant = {
        "VariantName": "all",
        "ModelName": "theirs",
        "InstanceType": world.settings.hosting.instance_type,
        "InitialInstanceCount": 4,
    }
    return (
        world.answering("sagemaker:ListEndpoints", {"Endpoints": [{"EndpointName": "theirs"}]})
        .answering("sagemaker:DescribeEndpoint", {"EndpointConfigName": "theirs", "ProductionVariants": []})
        .answering("sagemaker:DescribeEndpointConfig", {"ProductionVariants": [variant]})
    )


def quota_of_iam(name: str) -> Callable[[World], World]:
    def small(parsed: dict[str, Any]) -> None:
        parsed["SummaryMap"][name] = 3

    return lambda world: world.answering("iam:GetAccountSummary", small)


def many_versions(content: str) -> Callable[[World], World]:
    """The enclave's guardrail as its stack made it, with 19 versions of other content, and one of this."""

    def versions(world: World) -> World:
        stack = {
            "Type": "AWS::Bedrock::Guardrail",
            "Properties": {
                "Name": "sandbox",
                "BlockedInputMessaging": "blocked",
                "BlockedOutputsMessaging": "blocked",
                "WordPolicyConfig": {"ManagedWordListsConfig": [{"Type": "PROFANITY"}]},
            },
        }
        body = json.dumps({"Resources": {"Guardrail": stack}})
        world.client("cloudformation").create_stack(StackName="sandbox-inference", TemplateBody=body)
        operations.wait(10)
        bedrock = world.client("bedrock")
        (guardrail,) = bedrock.list_guardrails()["guardrails"]
        for description in [*(f"sha256:{number}" for number in range(19)), content or in_force(world)]:
            bedrock.create_guardrail_version(guardrailIdentifier=guardrail["id"], description=description)
        return world

    return versions


def in_force(world: World) -> str:
    """The description that the templates give the version: the digest of its content."""
    (version,) = About(world.settings, world.assembly).resources("AWS::Bedrock::GuardrailVersion")
    return str(version["Description"])


def many_trails(world: World) -> World:
    bucket(world, "their-trail", "cloudtrail", "s3:GetBucketAcl", "s3:PutObject")
    for number in range(5):
        world.client("cloudtrail").create_trail(Name=f"theirs-{number}", S3BucketName="their-trail")
    return world


def of_sandbox_east(manifest: Any, _bodies: Any) -> None:
    for artifact in manifest["artifacts"].values():
        if "stackName" in artifact.get("properties", {}):
            artifact["properties"]["stackName"] = artifact["properties"]["stackName"].replace(
                "sandbox-", "sandbox-east-"
            )


def trails_of_one_name(world: World) -> World:
    arn = f"arn:aws-us-gov:cloudtrail:{{}}:{ACCOUNT}:trail/theirs"
    trails = [{"Name": "theirs", "TrailARN": arn.format(region)} for region in "abcde"]
    return world.answering("cloudtrail:DescribeTrails", {"trailList": trails})


def by_declarative_policy(parsed: dict[str, Any]) -> None:
    parsed["VpcBlockPublicAccessOptions"] = {
        "InternetGatewayBlockMode": "block-bidirectional",
        "ManagedBy": "declarative-policy",
    }


def without_states(parsed: dict[str, Any]) -> None:
    for each in parsed["AvailabilityZones"]:
        del each["State"]


def no_such_service(world: World) -> World:
    def renamed(_manifest: Any, bodies: Any) -> None:
        for each in bodies["network"]["Resources"].values():
            if "VpcEndpointType" in each.get("Properties", {}):
                each["Properties"]["ServiceName"] += "-of-nobody"

    return world.with_assembly(renamed)


def nowhere(world: World) -> World:
    return world.with_settings(network__zones=("us-gov-west-1a", "us-gov-west-1z"))


def of_services(**changes: Any) -> Callable[[World], World]:
    def changed(parsed: dict[str, Any]) -> None:
        for each in parsed["ServiceDetails"]:
            each.update(changes)

    return lambda world: world.answering("ec2:DescribeVpcEndpointServices", changed)


def other_models(**changes: Any) -> Callable[[World], World]:
    def changed(world: World) -> World:
        models = tuple(
            each.model_copy(update=changes) if each.routing == "profile" else each for each in world.settings.models
        )
        return world.with_settings(models=models)

    return changed


def no_agreement(world: World) -> World:
    world.client("bedrock").delete_foundation_model_agreement(modelId=world.settings.models[0].id)
    return world


def no_image(world: World) -> World:
    assert world.settings.hosting
    digest = world.settings.hosting.image.partition("@")[2]
    world.client("ecr").batch_delete_image(repositoryName="vllm", imageIds=[{"imageDigest": digest}])
    return world


def with_bucket(world: World, body: bytes | None) -> World:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
    if body is not None:
        s3.put_object(Bucket="artifacts", Key=key_of(DIGEST), Body=body, ChecksumAlgorithm="SHA256")
    output = {"OutputKey": "ArtifactBucket", "OutputValue": "artifacts"}
    stack = {"StackName": "sandbox-foundation", "StackStatus": "CREATE_COMPLETE", "Outputs": [output]}
    found = world.with_settings(hosting__artifact=f"sha256:{DIGEST}")
    return found.answering("cloudformation:DescribeStacks", {"Stacks": [stack]})


def no_provider(world: World) -> World:
    world.client("iam").delete_saml_provider(SAMLProviderArn=world.settings.identity_provider)
    return world


def analyst(world: World) -> World:
    iam = world.client("iam")
    iam.create_user(UserName="analyst")
    allow = {"Effect": "Allow", "Action": "bedrock:Invoke*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName="analyst", PolicyName="models", PolicyDocument=document)
    return world


Change = Callable[[World], World]
CASES: dict[str, tuple[Change, Change]] = {
    "credentials": (same, lambda w: w.failing("sts:GetCallerIdentity", "ExpiredToken", 403)),
    "account": (same, lambda w: w.with_settings(accounts__enclave="999988887777")),
    "partition": (same, lambda w: w.with_settings(partition="aws")),
    "region": (
        same,
        lambda w: w.answering(
            "ec2:DescribeRegions", {"Regions": [{"RegionName": REGION, "OptInStatus": "not-opted-in"}]}
        ),
    ),
    "zones": (same, nowhere),
    "evidence-account": (evidence_elsewhere, evidence_of_another),
    "bootstrap-version": (same, old_bootstrap),
    "bootstrap-rights": (same, powerless),
    "deploy-role": (same, no_deploy_role),
    "evidence-bootstrap": (evidence_elsewhere, evidence_not_bootstrapped),
    "block-public-access": (same, ingress_blocked),
    "enforced-guardrail": (same, other_guardrail),
    "invocation-logging": (same, other_logging),
    "data-retention": (same, other_retention),
    "api-gateway-account": (same, other_gateway_role),
    "quota-vpcs": (same, many_vpcs),
    "quota-interface-endpoints": (same, many_interface_endpoints),
    "quota-gateway-endpoints": (same, many_gateway_endpoints),
    "quota-endpoint-instances": (same, other_endpoint),
    "quota-roles": (same, quota_of_iam("RolesQuota")),
    "quota-policies": (same, quota_of_iam("PoliciesQuota")),
    "quota-trails": (same, many_trails),
    "quota-guardrail-versions": (many_versions(""), many_versions("sha256:of-other-content")),
    "endpoint-services": (same, no_such_service),
    "endpoint-zones": (same, nowhere),
    "endpoint-private-dns": (same, of_services(PrivateDnsName="")),
    "endpoint-policies": (same, of_services(VpcEndpointPolicySupported=False)),
    "prefix-lists": (same, lambda w: w.with_settings(network__prefix_lists={"s3": "pl-0a1b2c3d"})),
    "model-ids": (same, other_models(id="openai.gpt-9")),
    "model-access": (same, no_agreement),
    "inference-profiles": (same, other_models(destinations=("us-gov-west-1",))),
    "image": (same, no_image),
    "artifact": (lambda w: with_bucket(w, WEIGHTS), lambda w: with_bucket(w, b"other weights")),
    "identity-provider": (same, no_provider),
    "principals": (same, analyst),
}


def test_every_item_is_tried() -> None:
    assert CASES.keys() == {each.id for each in items()}


SAMPLE = set(random.Random(4).sample(sorted(CASES), 2))
"""Those that every run tries; the others are tried in the whole suite."""
EACH = [pytest.param(each, marks=() if each in SAMPLE else pytest.mark.full) for each in CASES]


@pytest.mark.parametrize("id", EACH)
def test_an_account_that_is_ready_is_verified(world: World, id: str) -> None:
    found = CASES[id][0](world).result(id)
    assert found.answer.state is State.VERIFIED, found.answer
    assert found.answer.said
    assert found.asked or id == "api-gateway-account"


@pytest.mark.parametrize("id", EACH)
def test_what_is_broken_is_refuted_with_a_remedy(world: World, id: str) -> None:
    found = CASES[id][1](world).result(id)
    assert found.answer.state is State.REFUTED, found.answer
    assert found.answer.remedy


@pytest.mark.parametrize("id", EACH)
def test_no_answer_to_a_call_leaves_it_unverified_and_names_the_right(world: World, id: str) -> None:
    """Each call that the item makes in the account that is ready, one after the other."""
    (item,) = [each for each in items() if each.id == id]
    ready = CASES[id][0](world)
    made = {each.call.partition("(")[0] for each in ready.result(id).asked}
    assert made
    for call in sorted(made):
        for code in ("AccessDenied", "Unsupported", "ServiceUnavailable"):
            found = ready.failing(call, code, of=item.of).result(id)
            assert found.answer.state is State.UNVERIFIED, (call, found.answer)
            for right in permissions(call):
                assert right in found.answer.remedy + found.answer.said, (call, found.answer)


BESIDES: dict[str, tuple[str, Change, State, str]] = {
    "turning it on would cut another": ("block-public-access", internet_in_use, State.REFUTED, "would cut vpc-"),
    "an enclave without the baseline rests on what stands": (
        "block-public-access",
        lambda w: w.with_settings(account_baseline=False),
        State.REFUTED,
        "rests on it",
    ),
    "weights before the first deploy": ("artifact", same, State.UNVERIFIED, "not deployed yet"),
    "weights that nobody stored": ("artifact", lambda w: with_bucket(w, None), State.REFUTED, "has no sha256/"),
    "weights in parts, of which S3 has no digest of the whole": (
        "artifact",
        lambda w: with_bucket(w, WEIGHTS).answering("s3:HeadObject", {"ChecksumSHA256": "AAAA-2"}),
        State.UNVERIFIED,
        "stored in parts",
    ),
    "block public access by the organisation, though it is as wanted": (
        "block-public-access",
        lambda w: w.answering("ec2:DescribeVpcBlockPublicAccessOptions", by_declarative_policy),
        State.REFUTED,
        "declarative policy",
    ),
    "a zone of which the state is not told": (
        "zones",
        lambda w: w.answering("ec2:DescribeAvailabilityZones", without_states),
        State.UNVERIFIED,
        "could not be read",
    ),
    "trails of one name in several regions": ("quota-trails", trails_of_one_name, State.REFUTED, "5 in use by others"),
    **{
        f"{name} of a service that is not offered": (name, no_such_service, State.UNVERIFIED, "is not offered")
        for name in ("endpoint-zones", "endpoint-private-dns", "endpoint-policies")
    },
    "no templates": (
        "quota-vpcs",
        lambda w: replace(w, assembly=w.scratch / "nowhere"),
        State.UNVERIFIED,
        "no assembly",
    ),
    "templates of another enclave": (
        "endpoint-services",
        lambda w: w.with_settings(name="other"),
        State.UNVERIFIED,
        "of another enclave",
    ),
    "templates of an enclave whose name begins the same": (
        "endpoint-services",
        lambda w: w.with_assembly(of_sandbox_east),
        State.UNVERIFIED,
        "of another enclave",
    ),
    "principals in a member account": (
        "principals",
        lambda w: analyst(w).with_settings(accounts__management="999988887777"),
        State.UNVERIFIED,
        "user/analyst (reaches models)",
    ),
}


@pytest.mark.full
@pytest.mark.parametrize("id", BESIDES)
def test_what_else_an_item_tells_apart(world: World, id: str) -> None:
    item, change, state, said = BESIDES[id]
    found = change(world).result(item)
    assert (found.answer.state, said in found.answer.said) == (state, True), found.answer

"""An enclave's settings, frozen and typed: each description is the documentation, the schema and the error."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PrivateAttr

from infra.settings.problem import Problem
from infra.settings.profile import GuardrailProfile
from infra.settings.setting import Setting
from infra.settings.types import (
    AccountId,
    Artifact,
    Cidr,
    ControlId,
    Day,
    EvidenceDays,
    Image,
    InstanceCount,
    InstanceType,
    Line,
    LogDays,
    ModelId,
    Name,
    PrefixListId,
    ProfileId,
    ProviderArn,
    Region,
    RoleArn,
    SchemaVersion,
    TagKey,
    TagValue,
    VersionNumber,
    Zone,
)


class Accounts(Setting):
    """The AWS accounts the enclave lives in; one may serve all three."""

    enclave: AccountId = Field(description="account that holds network, models and roles", examples=["111122223333"])
    evidence: AccountId = Field(description="account that holds the locked evidence buckets", examples=["111122223333"])
    management: AccountId = Field(description="management account of the AWS organisation", examples=["111122223333"])


class Network(Setting):
    """The enclave's VPC."""

    cidr: Cidr = Field(
        description="address range of the VPC, private, /16 to /28, at least a /26 for each zone",
        examples=["10.64.0.0/22"],
    )
    zones: Annotated[tuple[Zone, ...], Field(min_length=2, max_length=4)] = Field(
        description="availability zones of the region, at least two; each gets one subnet",
        examples=[["us-gov-west-1a", "us-gov-west-1b"]],
    )
    prefix_lists: Mapping[Literal["s3", "dynamodb"], PrefixListId] = Field(
        default_factory=dict,
        description="ids of AWS's prefix lists of the region (`aws ec2 describe-managed-prefix-lists`): workloads and "
        "hosted models reach the gateway endpoint of a service listed here, and of no other",
        examples=[{"s3": "pl-0a1b2c3d"}],
    )


class Consumer(Setting):
    """Who may use the enclave: workloads in a security group of this name, and IAM roles."""

    name: Name = Field(description="name of the consumer's security group", examples=["workload"])
    principals: tuple[RoleArn, ...] = Field(
        default=(),
        description="IAM roles admitted to the endpoints besides the enclave's own roles",
        examples=[["arn:aws-us-gov:iam::111122223333:role/analyst"]],
    )


class ModelChoice(Setting):
    """One model the enclave may call, and how it is reached."""

    id: ModelId = Field(
        description="model id as Bedrock lists it; the catalogue must place it in the region",
        examples=["openai.gpt-oss-20b-1:0"],
    )
    routing: Literal["region", "profile"] = Field(
        description="`region`: the model in this region alone; `profile`: through an inference profile",
        examples=["region"],
    )
    profile: ProfileId | None = Field(
        default=None,
        description="inference profile, with routing `profile` only",
        examples=["us-gov.openai.gpt-5.6-terra"],
    )
    destinations: tuple[Region, ...] = Field(
        default=(),
        description="every region the profile may send a call to, with routing `profile` only",
        examples=[["us-gov-east-1", "us-gov-west-1"]],
    )


class PreviousVersion(Setting):
    """The guardrail version before the present one, accepted for a while after a change."""

    version: VersionNumber = Field(description="number of the version still accepted", examples=[1])
    until: Day = Field(description="day on which it stops being accepted (00:00 UTC)", examples=["2027-01-31"])


class GuardrailChoice(Setting):
    """The guardrail every call passes."""

    profile: Name = Field(
        description="file in enclaves/profiles/ that says what the guardrail holds", examples=["baseline"]
    )
    previous: PreviousVersion | None = Field(
        default=None, description="after a change: the version still accepted, and until when"
    )


class Instances(Setting):
    """How many instances serve the hosted model."""

    min: InstanceCount = Field(description="instances that always run", examples=[1])
    max: InstanceCount = Field(description="instances autoscaling may reach", examples=[2])


class Hosting(Setting):
    """An open-weight model on SageMaker, inside the boundary and without a network of its own."""

    name: Name = Field(description="name of the hosted model", examples=["gpt-oss-20b"])
    vendor: Name = Field(description="vendor of the weights; must stand under vendors", examples=["openai"])
    image: Image = Field(
        description="serving image in this region's ECR, pinned by digest",
        examples=["111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/vllm@sha256:<64 hexadecimal digits>"],
    )
    artifact: Artifact = Field(
        description="digest of the model artefact, as `sallyport models import FILE` prints it",
        examples=["sha256:<64 hexadecimal digits>"],
    )
    instance_type: InstanceType = Field(
        description="SageMaker instance type that the region offers", examples=["ml.g6.12xlarge"]
    )
    instances: Instances = Field(description="instances, least and most", examples=[{"min": 1, "max": 2}])


class Retention(Setting):
    """How long records are kept."""

    evidence_days: EvidenceDays = Field(
        description="how long evidence cannot be deleted, in days (Object Lock COMPLIANCE); cannot be shortened later; "
        "more than 30 warns",
        examples=[7],
    )
    log_days: LogDays = Field(
        description="how long CloudWatch log groups keep events, in days; one of the values CloudWatch Logs takes",
        examples=[30],
    )


class Assumption(Setting):
    """Something a control rests on that the templates cannot show."""

    id: Name = Field(description="name of the assumption", examples=["dns-firewall-fails-closed"])
    control: ControlId = Field(description="control that rests on it", examples=["NET-03"])
    subject: Line | None = Field(default=None, description="the one resource it is about; every one if left out")
    statement: Line = Field(
        description="what is assumed, and why the templates cannot show it",
        examples=["the DNS firewall fails closed; no template of this region shows it"],
    )
    owner: Line = Field(description="who answers for it", examples=["enclave-operations"])
    expires: Day = Field(description="last day on which it counts", examples=["2027-06-30"])


class Waiver(Setting):
    """A finding accepted for a while, by name."""

    control: ControlId = Field(description="control whose finding is accepted", examples=["NET-05"])
    subject: Line = Field(description="resource the finding is about", examples=["AWS::EC2::VPC sandbox-network/Vpc"])
    reason: Line = Field(
        description="why it is accepted", examples=["encryption control follows with the next release"]
    )
    owner: Line = Field(description="who answers for it", examples=["enclave-operations"])
    expires: Day = Field(description="last day on which it counts", examples=["2027-06-30"])


class Enclave(Setting):
    """One enclave: everything that is chosen about it."""

    model_config = ConfigDict(title="Sallyport enclave")

    schema_version: SchemaVersion = Field(alias="schema", description="version of this file's shape", examples=[1])
    name: Name = Field(
        description="name of the enclave: the file's name, and the first part of every stack's", examples=["sandbox"]
    )
    partition: Name = Field(description="AWS partition", examples=["aws-us-gov"])
    region: Region = Field(description="region of the partition", examples=["us-gov-west-1"])
    accounts: Accounts = Field(description="AWS accounts")
    account_baseline: bool = Field(
        description="whether this enclave owns what exists once per account and region: VPC block public access, "
        "guardrail enforcement, invocation logging, data retention; exactly one enclave of an account and region does",
        examples=[True],
    )
    network: Network = Field(description="the VPC")
    consumers: tuple[Consumer, ...] = Field(default=(), description="who may use the enclave")
    identity_provider: ProviderArn = Field(
        description="SAML or OIDC provider that people sign in with, in the enclave's own account",
        examples=["arn:aws-us-gov:iam::111122223333:saml-provider/department"],
    )
    vendors: Annotated[Mapping[Name, Literal["active"]], Field(min_length=1)] = Field(
        description="vendors whose models may be used, each `active`", examples=[{"openai": "active"}]
    )
    models: Annotated[tuple[ModelChoice, ...], Field(min_length=1)] = Field(description="models that may be called")
    guardrail: GuardrailChoice = Field(description="the guardrail")
    hosting: Hosting | None = Field(default=None, description="a model hosted on SageMaker, or nothing")
    retention: Retention = Field(description="how long records are kept")
    tags: Annotated[Mapping[TagKey, TagValue], Field(max_length=40)] = Field(
        default_factory=dict,
        description="tags on every resource, at most 40",
        examples=[{"Owner": "enclave-operations"}],
    )
    assumptions: tuple[Assumption, ...] = Field(default=(), description="what controls rest on besides the templates")
    waivers: tuple[Waiver, ...] = Field(default=(), description="findings accepted for a while")

    _profile: GuardrailProfile | None = PrivateAttr(default=None)
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    @property
    def profile(self) -> GuardrailProfile:
        """What the guardrail holds: the file that `guardrail.profile` names."""
        if self._profile is None:
            raise LookupError("this enclave was not made by infra.settings.load, so its guardrail profile is not read")
        return self._profile

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is allowed but dangerous."""
        return self._warnings

    def with_profile(self, profile: GuardrailProfile, warnings: tuple[Problem, ...] = ()) -> Self:
        """The same enclave with its guardrail profile read."""
        copy = self.model_copy()
        copy._profile = profile
        copy._warnings = warnings
        return copy

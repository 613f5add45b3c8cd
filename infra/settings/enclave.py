"""An enclave's settings, frozen and typed: each description is the documentation, the schema and the error."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from infra.settings.problem import Problem
from infra.settings.profile import GuardrailProfile
from infra.settings.types import (
    AccountId,
    Artifact,
    Cidr,
    ControlId,
    Day,
    Image,
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
    TagKey,
    TagValue,
    Zone,
)


class Setting(BaseModel):
    """What every part of a settings file has in common: no unknown key, no change after reading, no guessing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Accounts(Setting):
    """The AWS accounts the enclave lives in; one may serve all three."""

    enclave: AccountId = Field(description="account that holds network, models and roles")
    evidence: AccountId = Field(description="account that holds the locked evidence buckets")
    management: AccountId = Field(description="management account of the AWS organisation")


class Network(Setting):
    """The enclave's VPC."""

    cidr: Cidr = Field(description="address range of the VPC, private, /16 to /28, at least a /26 for each zone")
    zones: Annotated[tuple[Zone, ...], Field(min_length=2, max_length=4)] = Field(
        description="availability zones of the region, at least two; each gets one subnet"
    )
    prefix_lists: Mapping[Literal["s3", "dynamodb"], PrefixListId] = Field(
        default_factory=dict,
        description="ids of AWS's prefix lists of the region (`aws ec2 describe-managed-prefix-lists`): workloads and "
        "hosted models reach the gateway endpoint of a service listed here, and of no other",
    )


class Consumer(Setting):
    """Who may use the enclave: workloads in a security group of this name, and IAM roles."""

    name: Name = Field(description="name of the consumer's security group")
    principals: tuple[RoleArn, ...] = Field(
        default=(), description="IAM roles admitted to the endpoints besides the enclave's own roles"
    )


class ModelChoice(Setting):
    """One model the enclave may call, and how it is reached."""

    id: ModelId = Field(description="model id as Bedrock lists it; the catalogue must place it in the region")
    routing: Literal["region", "profile"] = Field(
        description="`region`: the model in this region alone; `profile`: through an inference profile"
    )
    profile: ProfileId | None = Field(default=None, description="inference profile, with routing `profile` only")
    destinations: tuple[Region, ...] = Field(
        default=(), description="every region the profile may send a call to, with routing `profile` only"
    )


class PreviousVersion(Setting):
    """The guardrail version before the present one, accepted for a while after a change."""

    version: int = Field(ge=1, le=99_999_999, description="number of the version still accepted")
    until: Day = Field(description="day on which it stops being accepted (00:00 UTC)")


class GuardrailChoice(Setting):
    """The guardrail every call passes."""

    profile: Name = Field(description="file in enclaves/profiles/ that says what the guardrail holds")
    previous: PreviousVersion | None = Field(
        default=None, description="after a change: the version still accepted, and until when"
    )


class Instances(Setting):
    """How many instances serve the hosted model."""

    min: int = Field(ge=1, le=100, description="instances that always run")
    max: int = Field(ge=1, le=100, description="instances autoscaling may reach")


class Hosting(Setting):
    """An open-weight model on SageMaker, inside the boundary and without a network of its own."""

    name: Name = Field(description="name of the endpoint's model")
    vendor: Name = Field(description="vendor of the weights; must stand under vendors")
    image: Image = Field(description="serving image in this region's ECR, pinned by digest")
    artifact: Artifact = Field(description="digest of the model artefact, as `sallyport models import FILE` prints it")
    instance_type: InstanceType = Field(description="SageMaker instance type")
    instances: Instances = Field(description="instances, least and most")


class Retention(Setting):
    """How long records are kept."""

    evidence_days: int = Field(
        ge=1,
        le=36_500,
        description="how long evidence cannot be deleted, in days (Object Lock COMPLIANCE); cannot be shortened later",
    )
    log_days: LogDays = Field(description="how long CloudWatch log groups keep events, in days")


class Assumption(Setting):
    """Something a control rests on that the templates cannot show."""

    id: Name = Field(description="name of the assumption")
    control: ControlId = Field(description="control that rests on it")
    subject: Line | None = Field(default=None, description="the one resource it is about; every one if left out")
    statement: Line = Field(description="what is assumed, and why the templates cannot show it")
    owner: Line = Field(description="who answers for it")
    expires: Day = Field(description="last day on which it counts")


class Waiver(Setting):
    """A finding accepted for a while, by name."""

    control: ControlId = Field(description="control whose finding is accepted")
    subject: Line = Field(description="resource the finding is about")
    reason: Line = Field(description="why it is accepted")
    owner: Line = Field(description="who answers for it")
    expires: Day = Field(description="last day on which it counts")


class Enclave(Setting):
    """One enclave: everything that is chosen about it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, title="Sallyport enclave")

    schema_version: Literal[1] = Field(alias="schema", description="version of this file's shape")
    name: Name = Field(description="name of the enclave: the file's name, and the first part of every stack's")
    partition: Name = Field(description="AWS partition, such as aws-us-gov")
    region: Region = Field(description="region of the partition")
    accounts: Accounts = Field(description="AWS accounts")
    account_baseline: bool = Field(
        description="whether this enclave owns what exists once per account and region: VPC block public access, "
        "guardrail enforcement, invocation logging, data retention; exactly one enclave of an account and region does"
    )
    network: Network = Field(description="the VPC")
    consumers: tuple[Consumer, ...] = Field(default=(), description="who may use the enclave")
    identity_provider: ProviderArn = Field(description="SAML or OIDC provider people sign in with")
    vendors: Annotated[Mapping[Name, Literal["active"]], Field(min_length=1)] = Field(
        description="vendors whose models may be used, each `active`"
    )
    models: Annotated[tuple[ModelChoice, ...], Field(min_length=1)] = Field(description="models that may be called")
    guardrail: GuardrailChoice = Field(description="the guardrail")
    hosting: Hosting | None = Field(default=None, description="a model hosted on SageMaker, or nothing")
    retention: Retention = Field(description="how long records are kept")
    tags: Annotated[Mapping[TagKey, TagValue], Field(max_length=40)] = Field(
        default_factory=dict, description="tags on every resource, at most 40"
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

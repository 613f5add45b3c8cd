"""The endpoint that serves a hosted model: recorded in full, encrypted, scaled, watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra import catalog
from infra.constructs.alarm import Alarm
from infra.constructs.change_watch import Change, ChangeWatch
from infra.constructs.hosted_model import captures_of
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.constructs.alarm_topic import AlarmTopic
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.hosted_model import HostedModel
    from infra.constructs.locked_bucket import LockedBucket
    from infra.settings import Enclave, Hosting

VARIANT = "primary"
LOAD_SECONDS = 3600  # the longest SageMaker allows: tens of gigabytes of weights take their time
INVOCATIONS_PER_INSTANCE = 60  # a minute; one a second is a fair load for a large language model on one instance
SLOW_MICROSECONDS = 60_000_000  # SageMaker gives up on a container after 60 seconds


class HostedEndpoint(Construct):
    """Endpoint configuration, endpoint, and scaling between the declared least and most instances.

    Every request and answer is captured, encrypted. Nobody gets a shell (SSM access is off), and no core dump is
    written, which would carry prompts out of the container.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        hosting: Hosting,
        name: str,
        model: HostedModel,
        volume_key: CustomerKey,
        captures: LockedBucket,
    ) -> None:
        """Make the endpoint.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            hosting: its hosted model.
            name: the endpoint's name; its log group carries it and so has to be known before.
            model: what it serves.
            volume_key: key of the instances' volumes, where they take one.
            captures: bucket that takes requests and answers.
        """
        super().__init__(scope, id)
        takes_key = not catalog.local_storage().has(hosting.instance_type)
        self.config = Resource(
            self,
            "Config",
            "AWS::SageMaker::EndpointConfig",
            {
                "KmsKeyId": volume_key.arn if takes_key else None,
                "ProductionVariants": [
                    {
                        "VariantName": VARIANT,
                        "ModelName": model.resource.attribute("ModelName"),
                        "InstanceType": hosting.instance_type,
                        "InitialInstanceCount": hosting.instances.min,
                        "InitialVariantWeight": 1,
                        "EnableSSMAccess": False,
                        "ContainerStartupHealthCheckTimeoutInSeconds": LOAD_SECONDS,
                        "ModelDataDownloadTimeoutInSeconds": LOAD_SECONDS,
                    }
                ],
                "DataCaptureConfig": {
                    "EnableCapture": True,
                    "InitialSamplingPercentage": 100,
                    "DestinationS3Uri": f"s3://{captures.name}/{captures_of(settings)}",
                    "KmsKeyId": captures.key.arn,
                    "CaptureOptions": [{"CaptureMode": mode} for mode in ("Input", "Output")],
                    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
                },
            },
        )
        self.resource = Resource(
            self,
            "Resource",
            "AWS::SageMaker::Endpoint",
            {"EndpointName": name, "EndpointConfigName": self.config.attribute("EndpointConfigName")},
        )
        target = Resource(
            self,
            "Instances",
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {
                "ServiceNamespace": "sagemaker",
                "ResourceId": f"endpoint/{name}/variant/{VARIANT}",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "MinCapacity": hosting.instances.min,
                "MaxCapacity": hosting.instances.max,
            },
        )
        # Application Auto Scaling looks for the variant when the target is registered; the id alone orders nothing.
        target.add_resource_dependency(self.resource)
        Resource(
            self,
            "Scaling",
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"{name}-invocations",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": target.physical_id,
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": INVOCATIONS_PER_INSTANCE,
                    "ScaleInCooldown": 900,
                    "ScaleOutCooldown": 300,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                },
            },
        )


class HostingWatch(Construct):
    """Alarms on the endpoint's failures and slowness, and on every change to what SageMaker serves."""

    def __init__(self, scope: Construct, id: str, *, endpoint: str, topic: AlarmTopic) -> None:
        super().__init__(scope, id)
        dimensions = {"EndpointName": endpoint, "VariantName": VARIANT}
        for metric, words in (
            ("Invocation4XXErrors", "refused requests: a caller, or the container, is broken"),
            ("Invocation5XXErrors", "failed to answer"),
        ):
            Alarm(
                self,
                metric,
                topic=topic,
                description=f"the hosted model {words}",
                metric=("AWS/SageMaker", metric),
                dimensions=dimensions,
                at_least=5,
            )
        Alarm(
            self,
            "Slow",
            topic=topic,
            description="the hosted model takes as long as SageMaker waits",
            metric=("AWS/SageMaker", "ModelLatency"),
            dimensions=dimensions,
            at_least=SLOW_MICROSECONDS,
            statistic="Maximum",
        )
        ChangeWatch(
            self,
            "Changes",
            topic=topic,
            changes=(
                Change(
                    "Serving",
                    "sagemaker",
                    (
                        "CreateEndpoint",
                        "CreateEndpointConfig",
                        "CreateModel",
                        "DeleteEndpoint",
                        "UpdateEndpoint",
                        "UpdateEndpointWeightsAndCapacities",
                    ),
                ),
            ),
        )

"""The endpoint that serves a hosted model: recorded in full, encrypted, scaled, watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra import catalog
from infra.constructs.alarm import Alarm
from infra.constructs.change_watch import Change, ChangeWatch
from infra.constructs.hosted_model import captures_of

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
        self.config = sagemaker.CfnEndpointConfig(
            self,
            "Config",
            kms_key_id=volume_key.arn if takes_key else None,
            production_variants=[
                sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                    variant_name=VARIANT,
                    model_name=model.resource.attr_model_name,
                    instance_type=hosting.instance_type,
                    initial_instance_count=hosting.instances.min,
                    initial_variant_weight=1,
                    enable_ssm_access=False,
                    container_startup_health_check_timeout_in_seconds=LOAD_SECONDS,
                    model_data_download_timeout_in_seconds=LOAD_SECONDS,
                )
            ],
            data_capture_config=sagemaker.CfnEndpointConfig.DataCaptureConfigProperty(
                enable_capture=True,
                initial_sampling_percentage=100,
                destination_s3_uri=f"s3://{captures.name}/{captures_of(settings)}",
                kms_key_id=captures.key.arn,
                capture_options=[
                    sagemaker.CfnEndpointConfig.CaptureOptionProperty(capture_mode=mode) for mode in ("Input", "Output")
                ],
                capture_content_type_header=sagemaker.CfnEndpointConfig.CaptureContentTypeHeaderProperty(
                    json_content_types=["application/json"]
                ),
            ),
        )
        self.resource = sagemaker.CfnEndpoint(
            self, "Resource", endpoint_name=name, endpoint_config_name=self.config.attr_endpoint_config_name
        )
        target = autoscaling.CfnScalableTarget(
            self,
            "Instances",
            service_namespace="sagemaker",
            resource_id=f"endpoint/{name}/variant/{VARIANT}",
            scalable_dimension="sagemaker:variant:DesiredInstanceCount",
            min_capacity=hosting.instances.min,
            max_capacity=hosting.instances.max,
        )
        # Application Auto Scaling looks for the variant when the target is registered; the id alone orders nothing.
        target.add_resource_dependency(self.resource)
        autoscaling.CfnScalingPolicy(
            self,
            "Scaling",
            policy_name=f"{name}-invocations",
            policy_type="TargetTrackingScaling",
            scaling_target_id=target.ref,
            target_tracking_scaling_policy_configuration=(
                autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                    target_value=INVOCATIONS_PER_INSTANCE,
                    scale_in_cooldown=900,
                    scale_out_cooldown=300,
                    predefined_metric_specification=(
                        autoscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                            predefined_metric_type="SageMakerVariantInvocationsPerInstance"
                        )
                    ),
                )
            ),
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

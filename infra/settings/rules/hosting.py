"""Hosting of a model on SageMaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.settings.rules.placement import is_placed, placeable
from infra.settings.rules.rule import Fault, fault, listed, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.settings.enclave import Hosting, Network


@rule
def hosting_is_possible(partition: str, region: str, hosting: Hosting | None) -> Iterator[Fault]:
    """SageMaker hosting exists in the region and offers the instance type, and the image lies in the region's ECR."""
    if hosting is None or not is_placed(partition, region):
        return
    if lack := catalog.region(region).lacking("sagemaker-hosting"):
        others = [name for name in placeable(partition) if not catalog.region(name).lacking("sagemaker-hosting")]
        what = f"hosting is not possible in {region}, which has no {listed(lack.types)}"
        yield fault(("hosting",), what, f"no hosting here, or region {listed(others)}")
        return
    host = hosting.image.split("/")[0]
    suffix = catalog.partition(partition).dns_suffix
    if not any(host.endswith(f".{ecr}.{region}.{suffix}") for ecr in ("dkr.ecr", "dkr.ecr-fips")):
        what = f"image lies in {host}, which is not this region's ECR"
        yield fault(("hosting", "image"), what, f"an image in ACCOUNT.dkr.ecr.{region}.{suffix}")
    offered = catalog.hosting_instance_types(region)
    if hosting.instance_type not in offered:
        what = f"instance type {hosting.instance_type!r} is not offered for hosting in {region}"
        sizes = [each for each in offered if each.endswith(hosting.instance_type.rpartition(".")[2])] or list(offered)
        yield fault(("hosting", "instance_type"), what, sizes)


@rule
def hosting_is_of_a_vendor(vendors: Mapping[str, str], hosting: Hosting | None) -> Iterator[Fault]:
    """The hosted model's vendor is one of the enclave's."""
    if hosting is not None and hosting.vendor not in vendors:
        what = f"vendor {hosting.vendor!r} of the hosted model is not listed under vendors"
        yield fault(("hosting", "vendor"), what, sorted(vendors), got=hosting.vendor)


@rule
def hosting_scales_upwards(hosting: Hosting | None) -> Iterator[Fault]:
    """Autoscaling has a range."""
    if hosting is not None and hosting.instances.min > hosting.instances.max:
        what = f"instances.min {hosting.instances.min} is greater than instances.max {hosting.instances.max}"
        yield fault(("hosting", "instances"), what, "min no greater than max")


@rule
def hosted_model_reaches_its_artifact(network: Network, hosting: Hosting | None) -> Iterator[Fault]:
    """SageMaker fetches the weights through the VPC, where the way to S3 is its prefix list."""
    if hosting is not None and "s3" not in network.prefix_lists:
        what = "hosting is on, but network.prefix_lists has no s3, so the model could not fetch its weights"
        yield fault(("hosting",), what, "network.prefix_lists.s3, as `aws ec2 describe-managed-prefix-lists` shows it")

"""AWS::ECR::Repository."""

from __future__ import annotations

from typing import Any

from infra.local import tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import as_json, from_api, to_api

GONE = "RepositoryNotFoundException"
RENAMES = {
    "ImageTagMutabilityExclusionFilters.ImageTagMutabilityExclusionFilterType": "filterType",
    "ImageTagMutabilityExclusionFilters.ImageTagMutabilityExclusionFilterValue": "filter",
}
BACK = {
    "repositoryArn": "Arn",
    "imagetagmutabilityexclusionfilters.filtertype": "ImageTagMutabilityExclusionFilterType",
    "imagetagmutabilityexclusionfilters.filter": "ImageTagMutabilityExclusionFilterValue",
}
LATER = ["EmptyOnDelete", "LifecyclePolicy", "RepositoryName", "RepositoryPolicyText", "Tags"]


class Repository(ResourceType, name="AWS::ECR::Repository"):
    """A repository of images, with its policy and its lifecycle."""

    def create(self, properties: Properties, context: Context) -> str:
        ecr = context.client("ecr")
        name = properties.get("RepositoryName") or context.generated_name(256, lower=True)
        wanted = tags.as_list(tags.wanted(properties, context.tags))
        ecr.create_repository(
            **to_api(ecr, "create_repository", properties, rename=RENAMES, omit=LATER, repositoryName=name, tags=wanted)
        )
        with undone(lambda: ecr.delete_repository(repositoryName=name)):
            _put_documents(ecr, name, {}, properties)
        return str(name)

    def read(self, physical_id: str, context: Context) -> Properties | None:
        ecr = context.client("ecr")
        found = if_there(ecr.describe_repositories, GONE, repositoryNames=[physical_id])
        if found is None:
            return None
        repository = found["repositories"][0]
        read = from_api(self.type_name, context.region, repository, rename=BACK)
        policy = if_there(ecr.get_repository_policy, "RepositoryPolicyNotFoundException", repositoryName=physical_id)
        lifecycle = if_there(ecr.get_lifecycle_policy, "LifecyclePolicyNotFoundException", repositoryName=physical_id)
        if policy:
            read["RepositoryPolicyText"] = as_json(policy["policyText"])
        if lifecycle:
            read["LifecyclePolicy"] = {"LifecyclePolicyText": lifecycle["lifecyclePolicyText"]}
        known = ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        if known:
            read["Tags"] = tags.as_list(tags.as_map(known))
        return read

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        ecr = context.client("ecr")
        mutability = {"ImageTagMutability": "MUTABLE", **{k: v for k, v in new.items() if k.startswith("ImageTag")}}
        ecr.put_image_tag_mutability(
            **to_api(ecr, "put_image_tag_mutability", mutability, rename=RENAMES, repositoryName=physical_id)
        )
        scanning = {"ImageScanningConfiguration": new.get("ImageScanningConfiguration", {"ScanOnPush": False})}
        ecr.put_image_scanning_configuration(
            **to_api(ecr, "put_image_scanning_configuration", scanning, repositoryName=physical_id)
        )
        _put_documents(ecr, physical_id, old, new)
        arn = ecr.describe_repositories(repositoryNames=[physical_id])["repositories"][0]["repositoryArn"]
        known = tags.as_map(ecr.list_tags_for_resource(resourceArn=arn)["tags"])
        tags.settle(
            known,
            tags.wanted(new, context.tags),
            put=lambda put: ecr.tag_resource(resourceArn=arn, tags=tags.as_list(put)),
            drop=lambda keys: ecr.untag_resource(resourceArn=arn, tagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        force = properties.get("EmptyOnDelete") in (True, "true")
        with absent_is_done(GONE):
            context.client("ecr").delete_repository(repositoryName=physical_id, force=force)


def _put_documents(ecr: Any, repository: str, old: Properties, new: Properties) -> None:
    """Put the repository's policy and lifecycle, or remove the one that the template no longer has."""
    if policy := new.get("RepositoryPolicyText"):
        ecr.set_repository_policy(
            **to_api(ecr, "set_repository_policy", {"PolicyText": policy}, repositoryName=repository)
        )
    elif old.get("RepositoryPolicyText"):
        ecr.delete_repository_policy(repositoryName=repository)
    if lifecycle := new.get("LifecyclePolicy"):
        ecr.put_lifecycle_policy(**to_api(ecr, "put_lifecycle_policy", lifecycle, repositoryName=repository))
    elif old.get("LifecyclePolicy"):
        ecr.delete_lifecycle_policy(repositoryName=repository)

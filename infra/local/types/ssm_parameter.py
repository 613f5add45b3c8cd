"""AWS::SSM::Parameter."""

from __future__ import annotations

from infra.local import tags
from infra.local.absent import absent_is_done
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import from_api, to_api


class Parameter(ResourceType, name="AWS::SSM::Parameter"):
    """A parameter; its tags are a mapping, as in no other type here."""

    def create(self, properties: Properties, context: Context) -> str:
        ssm = context.client("ssm")
        named = {"Name": f"CFN-{context.generated_name()}", **properties}
        wanted = tags.as_list(tags.wanted(properties, context.tags))
        ssm.put_parameter(**to_api(ssm, "put_parameter", named, omit=["Tags"], Tags=wanted))
        return str(named["Name"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        ssm = context.client("ssm")
        by_name = [{"Key": "Name", "Option": "Equals", "Values": [physical_id]}]
        found = ssm.describe_parameters(ParameterFilters=by_name)["Parameters"]
        if not found:
            return None
        value = ssm.get_parameter(Name=physical_id, WithDecryption=True)["Parameter"]
        known = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=physical_id)["TagList"]
        arn = f"arn:{context.partition}:ssm:{context.region}:{context.account}:parameter/{physical_id.lstrip('/')}"
        read = from_api(self.type_name, context.region, {**found[0], **value, "ARN": arn})
        read.pop("Policies", None)
        return {**read, **({"Tags": tags.as_map(known)} if known else {})}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        ssm = context.client("ssm")
        kept = {"AllowedPattern": "", "Description": "", **new, "Name": physical_id}
        ssm.put_parameter(**to_api(ssm, "put_parameter", kept, omit=["Tags"], Overwrite=True))
        known = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=physical_id)["TagList"]
        which = {"ResourceType": "Parameter", "ResourceId": physical_id}
        tags.settle(
            tags.as_map(known),
            tags.wanted(new, context.tags),
            put=lambda put: ssm.add_tags_to_resource(**which, Tags=tags.as_list(put)),
            drop=lambda keys: ssm.remove_tags_from_resource(**which, TagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        ssm = context.client("ssm")
        with absent_is_done("ParameterNotFound"):
            ssm.delete_parameter(Name=physical_id)

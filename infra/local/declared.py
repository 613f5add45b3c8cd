"""A resource type written as a table: which calls of its service create, read, change and delete it.

Arguments are templates (`infra/local/call_templates.py`): `"{id}"` is the physical id, `"{VpcId}"` a property or,
when reading, what an earlier call answered, `"{account}"`, `"{region}"`, `"{partition}"` where the resource lies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import jmespath
from botocore.exceptions import ClientError

from infra.local.call_templates import filled, inserted
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import from_api, tag_list, to_api
from infra.local.tags import as_told, tag_argument, untag_argument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GONE = re.compile(r"(\.NotFound|NotFoundException|NoSuch\w+|NotFound|DoesNotExist)$")


@dataclass(frozen=True)
class Call:
    """One call: the boto3 method, its arguments as templates, and where in the answer the result lies (JMESPath)."""

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    result: str = "@"


@dataclass(frozen=True)
class Setting:
    """Properties that a call of their own carries: made after creation where given, and whenever one changes."""

    properties: tuple[str, ...]
    call: Call
    absent: Call | None = None
    """What takes the properties back once none of them is in the template; without it that is unsupported."""
    at_creation: bool = True
    """False where the create call takes the properties itself, so that this is for changes alone."""


@dataclass(frozen=True)
class Tagging:
    """How the service tags: at creation by the create call's own member, later by these two operations."""

    tag: str = "tag_resource"
    untag: str = "untag_resource"
    target: Mapping[str, Any] = field(default_factory=lambda: {"ResourceArn": "{Arn}"})
    kind: str = ""
    """EC2's resource type in TagSpecifications; empty elsewhere."""
    lists: Call | None = None
    """The call that lists the tags, where reading the resource does not; its result is the tags."""


EC2_TAGS: dict[str, Any] = {"tag": "create_tags", "untag": "delete_tags", "target": {"Resources": ["{id}"]}}


class Declared(ResourceType, name=""):
    """A type whose life is calls in a table: set the class attributes, override `shaped` for what no table says."""

    service: ClassVar[str]
    creates: ClassVar[Call]
    """Takes every property that no setting carries; `arguments` are added to them."""
    identity: ClassVar[str]
    """The physical id: a JMESPath into creation's answer, or a template over the properties (`"{A}|{B}"`)."""
    parts: ClassVar[tuple[str, ...]] = ()
    """Names for the parts of a physical id joined by `|`, for use in templates."""
    reads: ClassVar[tuple[Call, ...]]
    """Calls whose results are laid over each other; the first one's lack of a result means gone."""
    attributed: ClassVar[tuple[Call, ...]] = ()
    """The calls among `reads` that tell every attribute, where not all are needed for that."""
    deletes: ClassVar[Call]
    updates: ClassVar[Call | None] = None
    """Takes every property in place that no setting carries, create-only ones left out."""
    settings: ClassVar[tuple[Setting, ...]] = ()
    tagging: ClassVar[Tagging | None] = None
    renames: ClassVar[Mapping[str, str]] = {}
    """Property (dotted path) to API member, for creation and update; reading uses it backwards."""
    omits: ClassVar[tuple[str, ...]] = ()
    """Properties no call carries: said elsewhere in the table or of no meaning here, with the reason beside them."""
    lacks: ClassVar[tuple[str, ...]] = ()
    """Properties that the API takes but the service here would drop: a template that has one is refused."""
    create_only: ClassVar[tuple[str, ...]] = ()
    """Properties that the update call does not take."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """What CloudFormation takes where the template says nothing, at creation and after a property is taken away."""
    missing: ClassVar[str | None] = None
    """Words of the message by which a service without an error code for it says that a thing is not there."""
    generates: ClassVar[tuple[str, int] | None] = None
    """The property CloudFormation makes a name up for, and the name's greatest length."""

    def create(self, properties: Properties, context: Context) -> str:
        properties = self._named({**self.defaults, **properties}, context)
        client = context.client(self.service)
        tags = self._creation_tags(client, properties, context)
        call = filled(self.creates.arguments, self._names("", properties, context))
        carried = {name for setting in self.settings if setting.at_creation for name in setting.properties}
        omitted = {*self.omits, *carried}
        arguments = self._arguments(client, self.creates.operation, properties, omitted, {**tags, **call})
        answer = getattr(client, self.creates.operation)(**arguments)
        physical_id = self.identified(answer, properties, context)
        try:
            for setting in self.settings:
                if setting.at_creation and any(name in properties for name in setting.properties):
                    self._call(setting.call, physical_id, properties, context)
        except Exception:
            # Creation failed as a whole: nothing may stay behind that the engine has no id for.
            self.delete(physical_id, properties, context)
            raise
        return physical_id

    def identified(self, answer: Mapping[str, Any], properties: Properties, context: Context) -> str:
        """The physical id of what was just made."""
        if "{" in self.identity:
            return str(filled(self.identity, {**self._names("", properties, context), **answer}))
        return str(jmespath.search(self.identity, answer))

    def read(self, physical_id: str, context: Context) -> Properties | None:
        answers = self._answers(self.reads, physical_id, context)
        return answers and self._with_tags(self._told(answers, context), answers, physical_id, context)

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        answers = self._answers(self.attributed or self.reads, physical_id, context)
        return answers and self._told(answers, context)

    def _answers(self, calls: tuple[Call, ...], physical_id: str, context: Context) -> dict[str, Any] | None:
        answers: dict[str, Any] = self._parts(physical_id)
        for number, call in enumerate(calls):
            try:
                result = self._call(call, physical_id, answers, context)
            except ClientError as error:
                if number == 0 and self._is_gone(error):
                    return None
                raise
            if number == 0 and not result:
                return None
            answers |= {key: value for key, value in (result or {}).items() if value is not None}
        return answers

    def _told(self, answers: dict[str, Any], context: Context) -> Properties:
        back = _backwards(self.renames)
        return from_api(self.type_name, context.region, self.shaped(answers, context), rename=back)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        old, new = {**self.defaults, **old}, {**self.defaults, **new}
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        for setting in self.settings:
            if changed.isdisjoint(setting.properties):
                continue
            given = any(name in new for name in setting.properties)
            call = setting.call if given else setting.absent
            if call is None:
                raise Unsupported(f"taking {', '.join(setting.properties)} back from {self.type_name}")
            self._call(call, physical_id, new if given else {**old, **new}, context)
        carried = {name for setting in self.settings for name in setting.properties}
        changed -= {*carried, *self.omits, *(("Tags",) if self.tagging else ())}
        if changed and self.updates is None:
            raise Unsupported(f"an update of {self.type_name} {', '.join(sorted(changed))}")
        if changed and self.updates is not None:
            client = context.client(self.service)
            call = filled(self.updates.arguments, self._names(physical_id, new, context))
            properties = self._named(new, context)
            omitted = {*self.omits, *self.create_only, *carried}
            arguments = self._arguments(client, self.updates.operation, properties, omitted, call)
            getattr(client, self.updates.operation)(**arguments)
        self._retag(physical_id, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            self._call(self.deletes, physical_id, properties, context)
        except ClientError as error:
            if not self._is_gone(error):
                raise

    def sent(self, properties: Properties) -> Properties:
        """The properties before conversion; a type whose service wants another shape overrides this."""
        return properties

    def _is_gone(self, error: ClientError) -> bool:
        return is_gone(error) or (self.missing is not None and self.missing in error.response["Error"]["Message"])

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        """The merged answers before conversion; a type whose service says things differently overrides this."""
        return answer

    def _call(self, call: Call, physical_id: str, values: Mapping[str, Any], context: Context) -> Any:
        client = context.client(self.service)
        names = self._names(physical_id, values, context)
        arguments = to_api(client, call.operation, filled(call.arguments, names))
        result = inserted(call.result, names)
        return jmespath.search(result, getattr(client, call.operation)(**arguments))

    def _names(self, physical_id: str, values: Mapping[str, Any], context: Context) -> dict[str, Any]:
        parts = self._parts(physical_id)
        where = {"account": context.account, "region": context.region, "partition": context.partition}
        itself = {"id": physical_id, "name": physical_id.rpartition("/")[2]} if physical_id else {}
        return {**values, **parts, **where, **itself}

    def _parts(self, physical_id: str) -> dict[str, Any]:
        return dict(zip(self.parts, physical_id.split("|"), strict=False)) if physical_id else {}

    def _named(self, properties: Properties, context: Context) -> Properties:
        if self.generates and self.generates[0] not in properties:
            return {**properties, self.generates[0]: context.generated_name(self.generates[1])}
        return properties

    def _arguments(
        self, client: Any, operation: str, properties: Properties, omits: Iterable[str], extra: dict[str, Any]
    ) -> dict[str, Any]:
        for name in self.lacks:
            if name in properties:
                raise Unsupported(f"property {name} of {self.type_name}")
        omitted = {*omits, *(("Tags",) if self.tagging else ())}
        return to_api(client, operation, self.sent(properties), rename=self.renames, omit=omitted, **extra)

    def _creation_tags(self, client: Any, properties: Properties, context: Context) -> dict[str, Any]:
        tags = tag_list(properties, context.tags) if self.tagging else []
        if not self.tagging or not tags:
            return {}
        if self.tagging.kind:
            return {"TagSpecifications": [{"ResourceType": self.tagging.kind, "Tags": tags}]}
        return tag_argument(client, self.creates.operation, tags)

    def _with_tags(
        self, properties: Properties, answers: Mapping[str, Any], physical_id: str, context: Context
    ) -> Properties:
        if not self.tagging:
            return properties
        found: Any = answers.get("Tags", answers.get("tags"))
        if self.tagging.lists:
            found = self._call(self.tagging.lists, physical_id, {**answers, **properties}, context)
        tags = as_told(found or [])
        properties.pop("Tags", None)
        return {**properties, "Tags": tags} if tags else properties

    def _retag(self, physical_id: str, new: Properties, context: Context) -> None:
        if not self.tagging:
            return
        answers = self._answers(self.reads, physical_id, context) or {}
        current = (answers and self.read(physical_id, context)) or {}
        has = {tag["Key"]: tag["Value"] for tag in current.get("Tags", [])}
        wanted = {tag["Key"]: tag["Value"] for tag in tag_list(new, context.tags)}
        client = context.client(self.service)
        # What is tagged may be named by what the service alone tells: an ARN that is no attribute of the type.
        target = filled(self.tagging.target, self._names(physical_id, {**answers, **current}, context))
        if dropped := sorted(has.keys() - wanted.keys()):
            keys = untag_argument(client, self.tagging.untag, dropped)
            getattr(client, self.tagging.untag)(**target, **keys)
        if put := [{"Key": k, "Value": v} for k, v in sorted(wanted.items()) if has.get(k) != v]:
            getattr(client, self.tagging.tag)(**target, **tag_argument(client, self.tagging.tag, put))


def is_gone(error: ClientError) -> bool:
    """Whether a service's error says that the thing asked for is not there."""
    return GONE.search(error.response["Error"]["Code"]) is not None


def _backwards(renames: Mapping[str, str]) -> dict[str, str]:
    """From API paths, in small letters, to property names: what `from_api` asks for."""
    back = {}
    for path in renames:
        steps = path.split(".")
        api = [renames.get(".".join(steps[: depth + 1]), step) for depth, step in enumerate(steps)]
        back[".".join(api).lower()] = steps[-1]
    return back

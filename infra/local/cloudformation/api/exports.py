"""Exports, and who imports them."""

from __future__ import annotations

from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, without_none
from infra.local.cloudformation.refusals import ValidationError


class Exports(Asking):
    """The operations on exports of the account and region."""

    def list_exports(self) -> Answer:
        found = [
            {"ExportingStackId": stack.arn, "Name": name, "Value": value}
            for name, (stack, value) in sorted(self.engine.exports().items())
        ]
        shown, token = self.page(found)
        return Answer(without_none({"Exports": shown, "NextToken": token}))

    def list_imports(self) -> Answer:
        name = self.params["ExportName"]
        importers = self.engine.importers(name)
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        shown, token = self.page(importers)
        return Answer(without_none({"Imports": shown, "NextToken": token}))

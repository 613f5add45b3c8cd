"""Exports, and who imports them."""

from __future__ import annotations

from moto.core.responses import ActionResult

from infra.local.cloudformation.api.asking import Asking, without_none
from infra.local.cloudformation.refusals import ValidationError


class Exports(Asking):
    """The operations on exports of the account and region."""

    def list_exports(self) -> ActionResult:
        found = [
            {"ExportingStackId": stack.arn, "Name": name, "Value": value}
            for name, (stack, value) in sorted(self.engine.exports().items())
        ]
        shown, token = self.page(found)
        return ActionResult(without_none({"Exports": shown, "NextToken": token}))

    def list_imports(self) -> ActionResult:
        name = self.params["ExportName"]
        importers = self.engine.importers(name)
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        shown, token = self.page(importers)
        return ActionResult(without_none({"Imports": shown, "NextToken": token}))

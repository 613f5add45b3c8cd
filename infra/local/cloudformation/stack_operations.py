"""Operations that change stacks without a change set, and their protection."""

from __future__ import annotations

from typing import Any

from infra.local.cloudformation import operations, planning
from infra.local.cloudformation.asked import Asked
from infra.local.cloudformation.change_sets import UPDATABLE, new_stack
from infra.local.cloudformation.refusals import AlreadyExists, ValidationError
from infra.local.cloudformation.request import desired, stack_name
from infra.local.cloudformation.state import Operation


class StackOperations(Asked):
    """CreateStack, UpdateStack, DeleteStack, rollbacks, termination protection, stack policies."""

    def create_stack(self) -> Any:
        """Make a stack at once, as `cdk deploy --method=direct` does."""
        engine = self.engine
        name = stack_name(self.params["StackName"])
        if engine.find(name) is not None:
            raise AlreadyExists(f"Stack [{name}] already exists")
        stack = new_stack(engine, name)
        wanted = desired(engine, self.params, stack, name, stack.arn)
        plan = planning.plan(engine, stack, wanted)
        if plan.problems:
            raise ValidationError(plan.problems[0]["ValidationStatusReason"])
        stack.protected = bool(self.params.get("EnableTerminationProtection"))
        stack.disable_rollback = bool(self.params.get("DisableRollback"))
        operation = Operation(
            "CREATE_STACK",
            token=self.params.get("ClientRequestToken"),
            disable_rollback=stack.disable_rollback,
            on_failure=self.params.get("OnFailure", "ROLLBACK"),
            retain_except_on_create=bool(self.params.get("RetainExceptOnCreate")),
        )
        with engine.changed:
            engine.stacks[stack.arn] = stack
        operations.create(engine, stack, operation, wanted)
        return self.answer({"StackId": stack.arn, "OperationId": operation.id})

    def update_stack(self) -> Any:
        """Change a stack at once."""
        engine = self.engine
        stack = self.stack("Stack [{}] does not exist")
        if stack.status not in UPDATABLE:
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")
        wanted = desired(engine, self.params, stack, stack.name, stack.arn)
        plan = planning.plan(engine, stack, wanted)
        if plan.problems:
            raise ValidationError(plan.problems[0]["ValidationStatusReason"])
        if not plan.anything:
            raise ValidationError("No updates are to be performed.")
        stack.disable_rollback = bool(self.params.get("DisableRollback"))
        operation = Operation(
            "UPDATE_STACK", token=self.params.get("ClientRequestToken"), disable_rollback=stack.disable_rollback
        )
        operations.update(engine, stack, operation, wanted)
        return self.answer({"StackId": stack.arn, "OperationId": operation.id})

    def delete_stack(self) -> Any:
        """Set a stack on its way out; one that is not there is gone already."""
        engine = self.engine
        stack = engine.find(self.params["StackName"])
        if stack is None or stack.gone:
            return self.answer()
        if stack.protected:
            raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.in_progress:
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be deleted.")
        keep = set(self.params.get("RetainResources", ()))
        if keep and stack.status != "DELETE_FAILED":
            raise ValidationError("RetainResources is allowed only for a stack in DELETE_FAILED state")
        operation = Operation("DELETE_STACK", token=self.params.get("ClientRequestToken"))
        force = self.params.get("DeletionMode") == "FORCE_DELETE_STACK"
        operations.delete(engine, stack, operation, keep, force=force)
        return self.answer()

    def rollback_stack(self) -> Any:
        """Take back a failed creation or update that was left as it failed."""
        stack = self.stack("Stack [{}] does not exist")
        operation = Operation("ROLLBACK", token=self.params.get("ClientRequestToken"))
        operations.roll_back(self.engine, stack, operation)
        return self.answer({"StackId": stack.arn, "OperationId": operation.id})

    def continue_update_rollback(self) -> Any:
        """Go on with a rollback that failed, leaving out what is given up."""
        stack = self.stack("Stack [{}] does not exist")
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not continue update rollback.")
        operation = Operation("CONTINUE_ROLLBACK", token=self.params.get("ClientRequestToken"))
        operations.roll_back(self.engine, stack, operation, tuple(self.params.get("ResourcesToSkip", ())))
        return self.answer()

    def update_termination_protection(self) -> Any:
        """Protect a stack from deletion, or stop protecting it."""
        stack = self.stack("Stack [{}] does not exist")
        with self.engine.changed:
            stack.protected = bool(self.params["EnableTerminationProtection"])
        return self.answer({"StackId": stack.arn})

    def set_stack_policy(self) -> Any:
        """Refused: a policy that nothing enforces would only look like protection."""
        raise ValidationError("the embedded AWS enforces no stack policies; use termination protection")

    def get_stack_policy(self) -> Any:
        """There is none."""
        self.stack()
        return self.answer({})

    def cancel_update_stack(self) -> Any:
        """Refused: an update here is done before anyone could cancel it."""
        stack = self.stack("Stack [{}] does not exist")
        raise ValidationError(f"CancelUpdateStack cannot be called from current stack status {stack.status}")

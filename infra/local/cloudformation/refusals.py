"""What CloudFormation refuses, by the API's error codes."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class ValidationError(ServiceException):
    """A request or template that is wrong: the code the API uses for nearly everything."""

    code = "ValidationError"


class AlreadyExists(ServiceException):
    """A stack or change set of this name is there already."""

    code = "AlreadyExistsException"


class ChangeSetNotFound(ServiceException):
    """No such change set."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatus(ServiceException):
    """The change set cannot be executed or deleted as it stands."""

    code = "InvalidChangeSetStatus"


class InsufficientCapabilities(ServiceException):
    """The template makes IAM resources and the caller has not said that this is meant."""

    code = "InsufficientCapabilitiesException"

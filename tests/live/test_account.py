"""Only reading calls are made, and what fails is a clear error and never a part of an answer."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.live.account import Account, LiveError


def refuses(code: str) -> ClientError:
    response = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(response, "GetThing")


class Client:
    """A client whose one operation answers or fails as the test says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "111122223333"}

    def get_thing(self) -> dict[str, str]:
        if self.error:
            raise self.error
        return {"Thing": "there"}

    def delete_thing(self) -> None:
        raise AssertionError("this must not be called")

    def can_paginate(self, operation: str) -> bool:
        return True

    def get_paginator(self, operation: str) -> Any:
        error = self.error

        class Paginator:
            def paginate(self) -> Any:
                yield {"Things": [1]}
                if error:
                    raise error
                yield {"Things": [2]}

        return Paginator()


class Session:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def client(self, service: str, **_: Any) -> Client:
        return Client(self.error if service == "thing" else None)


def account(error: Exception | None = None) -> Account:
    return Account(Session(error), "us-gov-west-1")


def test_answers() -> None:
    assert account().call("thing", "get_thing") == {"Thing": "there"}
    assert list(account().all("thing", "list_things", "Things")) == [1, 2]


@pytest.mark.parametrize(
    "error",
    [
        refuses("AccessDenied"),
        refuses("ThrottlingException"),
        refuses("500"),
        EndpointConnectionError(endpoint_url="http://localhost"),
    ],
)
def test_a_failure_is_an_error(error: Exception) -> None:
    with pytest.raises(LiveError, match="thing get_thing"):
        account(error).call("thing", "get_thing")
    with pytest.raises(LiveError, match="thing list_things"):
        list(account(error).all("thing", "list_things", "Things"))


def test_absence_is_an_answer_only_where_it_is_asked_for() -> None:
    assert account(refuses("NoSuchThing")).call("thing", "get_thing", absent=("NoSuchThing",)) is None
    with pytest.raises(LiveError):
        account(refuses("AccessDenied")).call("thing", "get_thing", absent=("NoSuchThing",))


def test_nothing_but_reading_is_called() -> None:
    with pytest.raises(LiveError, match="only describe, get and list"):
        account().call("thing", "delete_thing")


def test_an_endpoint_that_is_no_url_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "garbage")
    with pytest.raises(LiveError, match="sts: Invalid endpoint: garbage; look at the profile, its region and endpoint"):
        Account(boto3.Session(), "us-gov-west-1")


def test_where_nobody_listens_it_says_how_often_it_tried() -> None:
    error = EndpointConnectionError(endpoint_url="https://thing")
    with pytest.raises(LiveError, match=r"thing get_thing was not answered, tried up to 5 times: .*; check network"):
        account(error).call("thing", "get_thing")

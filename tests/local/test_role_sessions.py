"""A service that acts in a role's name is answered by the services in this process, moto's mock on or off."""

import json

from infra.local import server
from infra.local.clients import client
from infra.local.role_sessions import client_as

ACCOUNT, REGION = "111122223333", "us-gov-west-1"


def test_a_call_as_a_role_shows_the_role_though_no_mock_is_on() -> None:
    server.extend()
    allowed = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [allowed]}
    iam = client("iam", ACCOUNT, REGION)
    made = iam.create_role(RoleName="acts-for-somebody", AssumeRolePolicyDocument=json.dumps(trust))
    try:
        who = client_as(made["Role"]["Arn"], "sts", REGION, "session").get_caller_identity()
    finally:
        iam.delete_role(RoleName="acts-for-somebody")
    assert who["Arn"] == f"arn:aws-us-gov:sts::{ACCOUNT}:assumed-role/acts-for-somebody/session"

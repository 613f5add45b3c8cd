"""ECR: the enclave's repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

REPOSITORY = "AWS::ECR::Repository"


@reader
def repositories(account: Account, names: Names) -> Iterator[Found]:
    """Repositories that the enclave's stacks made."""
    for name in names.ids(REPOSITORY, account.place):
        answer = account.call(
            "ecr", "describe_repositories", repositoryNames=[name], absent=("RepositoryNotFoundException",)
        )
        for repository in (answer or {}).get("repositories", []):
            encryption = repository.get("encryptionConfiguration", {})
            policy = account.call(
                "ecr", "get_repository_policy", repositoryName=name, absent=("RepositoryPolicyNotFoundException",)
            )
            yield Found(
                REPOSITORY,
                name,
                {
                    "ImageTagMutability": repository["imageTagMutability"],
                    "EncryptionConfiguration": {
                        "EncryptionType": encryption.get("encryptionType", "AES256"),
                        "KmsKey": encryption.get("kmsKey", ""),
                    },
                    **({"RepositoryPolicyText": policy["policyText"]} if policy else {}),
                },
            )

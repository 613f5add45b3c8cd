"""The same posture, read from an account through boto3."""

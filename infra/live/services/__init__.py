"""One module per service: what it tells, in CloudFormation's words."""

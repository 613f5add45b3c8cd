"""CloudFormation's API over the engine: each module answers the operations of one subject."""

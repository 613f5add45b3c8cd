"""The values of a posture by AWS service, each beside the function that makes it of resolved properties."""

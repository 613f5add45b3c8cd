"""The IAM language: documents, and what they say about a request."""

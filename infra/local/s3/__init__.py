"""What S3 keeps and refuses, where moto's S3 does not."""

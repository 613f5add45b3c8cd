"""Cloud Control API, which moto lacks: any resource by its type and identifier, through the type that deploys it."""

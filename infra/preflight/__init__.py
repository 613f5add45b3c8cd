"""What has to be true of an account before an enclave is deployed there: asked, never assumed, and nothing changed."""

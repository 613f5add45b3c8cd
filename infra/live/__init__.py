"""The posture of an account, read through the services' own Describe, Get and List calls."""

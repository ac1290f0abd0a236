"""The client's file: from YAML that a person wrote to a `Client`, or to all its problems."""

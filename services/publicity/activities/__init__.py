"""Activities and studies."""

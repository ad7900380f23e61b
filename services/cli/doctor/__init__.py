"""The single checks of `geju doctor`."""

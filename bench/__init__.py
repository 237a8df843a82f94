"""Sites of any size, to measure with."""

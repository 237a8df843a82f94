"""Scripts that build and test this repository; no part of the website or of ``labsite``."""

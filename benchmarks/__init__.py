"""Measurements of the library. Not tests: what depends on a clock is reported here and asserted nowhere."""

"""The site's driver: execute each notebook once, build the editions side by side, publish them."""

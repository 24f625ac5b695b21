"""Data, metrics, losses and one training loop for the networks of `upsample_lib.nn`.

`python -m upsample_lib.training --help` trains from the command line. The data come with the package: nothing
is downloaded, and loading them needs no torch.
"""

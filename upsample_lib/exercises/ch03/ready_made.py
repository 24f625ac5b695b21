"""Functions that the chapter and the libraries offer ready-made: calling one of them is no solution."""

RESIZING = (
    "line",
    "resize",
    "doubled",
    "upsample_lib.interpolate",
    "torch.nn.functional.interpolate",
    "torch.nn.functional.upsample",
    "torch.nn.functional.grid_sample",
    "scipy.ndimage.zoom",
    "skimage.transform.resize",
)
MATRICES = ("axis_matrix", "upsample_lib.interpolation_matrix")

"""Where a size is lost in a run: each upsampling is paired with the downsampling that it undoes."""

from math import prod

from upsample_lib.nn._finding import Finding
from upsample_lib.nn._size_trace import Call, Run, Size


def size_findings(trace: Run, spatial: Size) -> list[Finding]:
    """Layers to blame when the run failed, or upsampled and did not restore the input's size."""
    findings = [finding for call in trace.calls if (finding := _unpooling(call)) is not None]
    ups = [call for call in trace.calls if call.goes_up]
    if trace.error is None and (not ups or trace.output is None or _multiple(trace.output, spatial)):
        return findings
    lost, still_down = _lost_between_pairs(trace.calls)
    if trace.error is None and still_down:
        return findings  # the output is meant to be smaller than the input: nothing to restore
    findings += lost
    if trace.error is not None and findings:
        message = " ".join(str(trace.error).split())
        findings.append(
            Finding(
                trace.failed_in,
                "forward",
                "size",
                f"the run stops here: {message}",
                "mend the layers named before",
            )
        )
    return findings


def _multiple(output: Size, spatial: Size) -> bool:
    return len(output) == len(spatial) and all(o % n == 0 for o, n in zip(output, spatial))


def _unpooling(call: Call) -> Finding | None:
    """Indices are positions in a map of the size before pooling; another size moves or loses them."""
    if call.family != "max_unpool" or call.source is None:
        return None
    size = call.after
    if size is None and call.arguments.get("output_size") is None:
        kernel, padding = call.per_axis("kernel_size", 1), call.per_axis("padding", 0)
        size = tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(call.before, call.stride, padding, kernel))
    if size == call.source:
        return None
    return Finding(
        call.module,
        call.layer,
        "size",
        f"its indices come from a map of {shown(call.source)}, "
        f"but it fills one of {shown(size) if size else 'another size'}, so that values land in wrong places",
        f"pass output_size={tuple(call.source)}, the size before pooling",
    )


def _lost_between_pairs(calls: list[Call]) -> tuple[list[Finding], bool]:
    """What is lost, and whether some downsampling is never undone."""
    levels: list[Call] = []  # downsamplings not yet undone
    findings = []
    for call in calls:
        if call.goes_down and call.after is not None:
            # a shortcut beside the layer, of the same sizes, is the same level
            if not (levels and (levels[-1].before, levels[-1].after) == (call.before, call.after)):
                levels.append(call)
        elif call.goes_up and call.after is not None and not _spreads_one_value(call, levels):
            ratio = max(round(m / n) for m, n in zip(call.after, call.before) if n)
            undone: list[Call] = []
            while levels and prod(max(level.stride) for level in undone) < ratio:
                undone.append(levels.pop())
            if undone:
                findings += _blame(call, undone)
    return list(dict.fromkeys(findings)), bool(levels)


def _spreads_one_value(call: Call, levels: list[Call]) -> bool:
    """A global average given to all positions undoes no level."""
    return prod(call.before) == 1 and not (levels and levels[-1].after == call.before)


def _blame(up: Call, undone: list[Call]) -> list[Finding]:
    assert up.after is not None
    wanted = undone[-1].before
    if len(wanted) != len(up.after):
        return []
    paired = up.before == undone[0].after
    if paired and up.after == wanted:
        return []
    uneven = [level for level in undone if _remainders(level)]
    if uneven:
        return [_not_divisible(level) for level in uneven]
    scaled = tuple(n * s for n, s in zip(up.before, up.stride))
    if up.family != "conv_transpose" or (not paired and up.after == scaled):
        return []
    # with the size of this level lost further down, the best this layer can do is s·n
    return [_wrong_size(up, wanted if paired else scaled)]


def _remainders(call: Call) -> list[tuple[int, int]]:
    """(n, s) of the axes where the stride does not divide the size."""
    return [(n, s) for n, s in zip(call.before, call.stride) if n > 1 and n % s]


def _not_divisible(call: Call) -> Finding:
    n, s = _remainders(call)[0]
    assert call.after is not None
    return Finding(
        call.module,
        call.layer,
        "size",
        f"stride {s} does not divide its input size {n}: {shown(call.before)} becomes {shown(call.after)}, "
        f"and upsampling by {s} does not come back to {shown(call.before)}",
        f"make this size a multiple of {s}, such as {n + -n % s}",
    )


def _wrong_size(call: Call, wanted: Size) -> Finding:
    assert call.after is not None
    padding, extra = call.per_axis("padding", 0), call.per_axis("output_padding", 0)
    limit = [max(pair) for pair in zip(call.stride, call.per_axis("dilation", 1))]
    settings = []
    for p, a, m, target, most in zip(padding, extra, call.after, wanted, limit):
        # m depends on a − 2p: keep p if a output_padding below its limit does it
        needed = a - 2 * p + target - m
        new_p = p if 0 <= needed + 2 * p < most else max(0, -(needed // 2))
        settings.append((new_p, needed + 2 * new_p, most))
    if all(0 <= a < most for _, a, most in settings):
        values = [tuple(axis[i] for axis in settings) for i in (0, 1)]
        names = [str(v[0]) if len(set(v)) == 1 else str(v) for v in values]
        suggestion = f"use padding={names[0]}, output_padding={names[1]}"
    else:
        suggestion = f"pass output_size={tuple(wanted)} or use a kernel as large as its stride"
    return Finding(
        call.module,
        call.layer,
        "size",
        f"it turns {shown(call.before)} into {shown(call.after)}, where {shown(wanted)} was downsampled",
        suggestion,
    )


def shown(size: Size) -> str:
    """33 × 34."""
    return " × ".join(map(str, size))

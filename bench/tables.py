"""Tables in Markdown, and figures as they stand in them."""

from statistics import median


def markdown(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def middle_and_least(values, scale=1, digits=1):
    """median / minimum"""
    return f"{median(values) * scale:.{digits}f} / {min(values) * scale:.{digits}f}"


def ratio(slow, fast, wanted=None):
    """How many times faster the second is: by medians / by minima, and what is wanted."""
    text = f"{median(slow) / median(fast):.2f} / {min(slow) / min(fast):.2f}"
    return text + (f" (wanted {wanted})" if wanted else "")

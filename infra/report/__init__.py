"""A judgement as text and JSON: a format per file, each with a function `render(judgement, *, title)`."""

"""The page that tells a person where a clip comes from: `framegate verify --report`.

`words` says in plain language what a validation found, `checks` makes the list of questions and
answers, and `page` puts all of it into one HTML file.
"""

from moderation.origins.page import Origin, render

__all__ = ["Origin", "render"]

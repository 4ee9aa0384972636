"""The page on which a person looks at a reviewed clip: `framegate review --report`.

`pictures` takes the frames out of the clip, `timeline` draws tracks of scores, `tracks` makes
those tracks out of what the frame models said, and `page` puts all of it into one HTML file.
"""

from moderation.clips.reporting.page import Report, render
from moderation.clips.reporting.pictures import Filmstrip, take
from moderation.clips.reporting.timeline import Level, Sample, Series, Stretch, Track
from moderation.clips.reporting.tracks import differences, frame_tracks
from moderation.pages.picture import Picture

__all__ = [
    "Filmstrip",
    "Level",
    "Picture",
    "Report",
    "Sample",
    "Series",
    "Stretch",
    "Track",
    "differences",
    "frame_tracks",
    "render",
    "take",
]

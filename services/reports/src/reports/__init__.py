"""The reports service: comparison and verification reports, judged when they are handed in."""

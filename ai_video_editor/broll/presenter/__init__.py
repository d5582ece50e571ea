"""A presenter who stands beside what is drawn: idles, talks, points and reacts."""

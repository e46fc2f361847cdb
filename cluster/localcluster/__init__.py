"""A Graticule cluster of many processes on one machine; see README.md."""

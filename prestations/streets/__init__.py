"""The street register at work: names, look-up, distances, the schematic plan, the sample."""

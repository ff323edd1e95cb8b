"""The configuration as administrators read it: what differs between two states, in words."""

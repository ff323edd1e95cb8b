"""What the back office writes."""

"""What a free text is about: a classifier of French messages over the catalogue's prestations."""

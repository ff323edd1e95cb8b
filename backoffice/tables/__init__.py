"""Tables of the staff pages (django-tables2)."""

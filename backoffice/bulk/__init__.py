"""One act on many requests: which acts, what will happen, what became of each."""

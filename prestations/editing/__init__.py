"""The catalogue as the town writes it: prestations, and the next version of their forms.

`operations` changes a definition, `checking` tells what is wrong with it by the loader's own
checks, `comparing` says in words what a version changes, `actions` holds the verbs.
"""

"""Who gets a request, and why.

`requests.routing.deciding` is the one place that decides: the town's rules in their order
(`conditions`), a person among colleagues where the rule says so (`people`), else the catalogue
(`catalogue`). `sense` says why a rule no longer makes sense, `replay` what a rule would change.
"""

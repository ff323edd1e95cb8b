"""An invented town for demonstrations and measurements: people, and a year of requests.

The bulk loader here is the only exception to "verbs everywhere": it writes rows straight into
the tables. A test replays a sample of its requests through their event log.
"""

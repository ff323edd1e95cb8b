"""Sign-in through FranceConnect v2 (L11): OpenID Connect, code flow, by hand on httpx and joserfc.

`provider` speaks to FranceConnect, `tokens` believes nothing that is not signed for us,
`flow` keeps what a session has begun. What an identity means for the town's records is decided
in `citizens.matching` and `citizens.actions.identity`.
"""

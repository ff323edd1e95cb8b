"""PostgreSQL and Valkey from their wheels, and the supervisor behind ``make run``.

Nothing here imports Django: these modules start what Django needs before it is loaded.
Production does not use this package; it names its servers in DATABASE_URL and REDIS_URL.
"""

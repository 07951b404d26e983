"""The site as deploy/ describes it, in processes of this machine, which the tests stop one after the other.

nginx, two web processes, the schedule, a worker, PostgreSQL, Redis and a store of the S3 kind: `make stack`
starts them to look at.
"""

"""Who signed with a certificate: signatures, chains and revocation of the legal-person certificate (法人一证通).

Nothing here reads a clock, a file or the network: callers give the time, the roots and the revocation lists.
"""

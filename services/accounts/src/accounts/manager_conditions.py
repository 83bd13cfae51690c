"""Conditions of statements about the managers of organisations."""

from typing import Final

IS_MANAGER: Final = "coalesce(a.role, 'manager') = 'manager'"
"""In statements in which `a` is the row of an account of an operator or an enterprise."""
DEMANDED: Final = f"""
    ({IS_MANAGER} and exists (select from certificate_demands d where d.organisation = a.organisation
                                  and (d.suspended_until is null or d.suspended_until <= {{now}})))
"""
"""Whether the certificate is demanded of the account `a`; `now` is a parameter of the statement."""

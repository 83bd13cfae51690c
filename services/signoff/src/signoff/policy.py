"""Who may do what with a confirmation."""

from typing import Final

from qingyuan_runtime.edge.policy import EVERY_KIND, Policy, kinds, roles

POLICY: Final = Policy(
    actions={
        "read-statement": EVERY_KIND,
        "open": kinds("enterprise"),
        "sign": kinds("enterprise"),
        "dispute": kinds("enterprise"),
        "escalate": kinds("enterprise"),
        "answer-dispute": kinds("operator"),
        "complete-originals": kinds("operator", "enterprise"),
    },
    roles={
        "answer-dispute": roles("manager", "technician"),
        "complete-originals": roles("manager", "technician", "signatory"),
    },
)

"""Every metric of this system at /metrics. The names are published and must not change."""

from prometheus_client import Counter, Gauge

role_degraded = Gauge(
    "qingyuan_role_degraded", "1 while a role of this process waits or has failed", ["role"]
)

relay_lag_seconds = Gauge("qingyuan_relay_lag_seconds", "Age of the oldest event that is not yet published")
relay_horizon_age_seconds = Gauge(
    "qingyuan_relay_horizon_age_seconds",
    "Age of the oldest open transaction that wrote: nothing younger is published",
)
relay_oldest_transaction_seconds = Gauge(
    "qingyuan_relay_oldest_transaction_seconds",
    "Age of the oldest open transaction, also one that only reads",
)
relay_published_total = Counter("qingyuan_relay_published", "Messages acknowledged by Kafka")
relay_failures_total = Counter("qingyuan_relay_failures", "Times a batch had to be published again")

projection_lag_events = Gauge("qingyuan_projection_lag_events", "Messages not yet applied", ["model"])
projection_applied_total = Counter("qingyuan_projection_applied", "Facts applied", ["model"])
projection_skipped_total = Counter("qingyuan_projection_skipped", "Facts seen before and skipped", ["model"])
forged_total = Counter("qingyuan_forged", "Messages refused: not what the owner published", ["model"])
dead_letters = Gauge("qingyuan_dead_letters", "Messages set aside", ["model"])

timers_overdue_seconds = Gauge(
    "qingyuan_timers_overdue_seconds", "How long the oldest timer that is not done has been due", ["timers"]
)

audit_events_total = Counter("qingyuan_audit_events", "Messages the auditor has read")
audit_repeats_total = Counter("qingyuan_audit_repeats", "Messages delivered again: allowed, and counted")
audit_withdrawn_total = Counter(
    "qingyuan_audit_withdrawn", "Messages that a restored log no longer holds: allowed, and counted"
)
audit_begun_anew_total = Counter(
    "qingyuan_audit_begun_anew",
    "Times the auditor read the topic from its beginning again, since it was created anew or cut",
)
audit_faults_total = Counter(
    "qingyuan_audit_faults", "Differences between the topic and the log; must be 0", ["kind"]
)

for _kind in ("hole", "inversion", "unreadable", "forged"):
    audit_faults_total.labels(_kind)

follower_parked = Gauge(
    "qingyuan_follower_parked", "1: it cannot go on, and could not start over from the log either", ["model"]
)
follower_starts_over_total = Counter(
    "qingyuan_follower_starts_over", "Times it started over from the owner's log", ["model"]
)
follower_filled_total = Counter(
    "qingyuan_follower_filled", "Facts that the topic did not bring and the owner's log had", ["model"]
)
follower_untrue_total = Counter(
    "qingyuan_follower_untrue",
    "Messages that were left out because the owner's log does not hold them",
    ["model"],
)

-- Webhooks: events of an app, posted to an address of the service provider.
-- `events` is a comma-separated list of types, empty for all. `sealed` is the signing secret under the master key; the
-- one before a rotation signs too until `previous_until`. `seq` numbers deliveries.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    sealed TEXT NOT NULL,
    previous_sealed TEXT,
    previous_until BIGINT,
    seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);
CREATE INDEX webhooks_by_app ON webhooks (app_id);

-- The outbox: written in the transaction of the event, kept as a log. `next_at` is when it may be tried (again), null
-- once it is settled; `claim` is whoever tries it now, until `claimed_until`. Within a lane the order of `seq` is kept.
CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    lane TEXT NOT NULL,
    service_request_id TEXT REFERENCES service_requests (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    claim TEXT,
    claimed_until BIGINT,
    outcome TEXT,
    settled_at BIGINT
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_lane ON webhook_deliveries (webhook_id, lane, seq) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, seq);
CREATE INDEX webhook_deliveries_by_service_request ON webhook_deliveries (service_request_id);
CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (settled_at);

CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    status BIGINT,
    fault TEXT
);
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, started_at);

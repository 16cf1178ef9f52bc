-- Signing in by email and PIN. A PIN is nowhere in clear: `pin_mac` is set when the mail is made.
CREATE TABLE pin_challenges (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    client_mac TEXT NOT NULL,
    pin_mac TEXT,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX pin_challenges_by_email ON pin_challenges (app_id, email, created_at);
CREATE INDEX pin_challenges_by_client ON pin_challenges (client_mac, created_at);
CREATE INDEX pin_challenges_by_age ON pin_challenges (created_at);

-- The queue: a row until the mail is sent or given up. `next_at` is when it may be tried (again).
CREATE TABLE pin_mails (
    challenge_id TEXT NOT NULL PRIMARY KEY REFERENCES pin_challenges (id) ON DELETE CASCADE,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);
CREATE INDEX pin_mails_by_time ON pin_mails (next_at);

-- Wrong tries of the last day.
CREATE TABLE pin_failures (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    failed_at BIGINT NOT NULL
);
CREATE INDEX pin_failures_by_email ON pin_failures (app_id, email, failed_at);
CREATE INDEX pin_failures_by_age ON pin_failures (failed_at);

-- What was let pass without effect, an hour a row: for the alarm, and so that it costs a write like the rest.
CREATE TABLE pin_refusals (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    hour BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (app_id, hour)
);

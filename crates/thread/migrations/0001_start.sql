-- Portable to PostgreSQL: TEXT and BIGINT only; times are Unix milliseconds; sealed values are base64.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Counters that running services poll: one row a topic.
CREATE TABLE revisions (
    topic TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO revisions (topic, number) VALUES ('directory', 0), ('revocations', 0), ('contacts', 0);

CREATE TABLE apps (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    brand_color TEXT NOT NULL,
    greeting TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE app_origins (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    PRIMARY KEY (app_id, origin)
);

-- `sealed` is the secret under the master key; `sha256` finds a leaked one.
CREATE TABLE secrets (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    sealed TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX secrets_by_app ON secrets (app_id, created_at);

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX api_keys_by_app ON api_keys (app_id);

-- A row is needed only until the session would have ended anyway. `number` is of the topic 'revocations'.
CREATE TABLE revoked_sessions (
    session_id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX revoked_sessions_by_number ON revoked_sessions (number);
CREATE INDEX revoked_sessions_by_end ON revoked_sessions (ends_at);

-- Written at the first message. `number` is of the topic 'contacts'; `event_seq` is the live cursor.
CREATE TABLE contacts (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    number BIGINT NOT NULL,
    event_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (app_id, email)
);
CREATE INDEX contacts_by_number ON contacts (number);

-- `seen_seq`: the contact has seen messages up to here.
CREATE TABLE service_requests (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    message_seq BIGINT NOT NULL,
    seen_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX service_requests_by_contact ON service_requests (contact_id, updated_at);
CREATE INDEX service_requests_by_app ON service_requests (app_id, status, updated_at);

-- `client_scope` is the contact's id for a contact's message, the service request's for an agent's: within it a
-- client id is used once. `client_id_hex` is hex, since a client id may be any text and PostgreSQL refuses NUL.
CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    service_request_id TEXT NOT NULL REFERENCES service_requests (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    client_scope TEXT NOT NULL,
    client_id_hex TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (service_request_id, seq),
    UNIQUE (client_scope, client_id_hex)
);

-- What a contact's sockets were told, for catching up. `message_id` is null where the request itself changed.
CREATE TABLE events (
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    service_request_id TEXT NOT NULL REFERENCES service_requests (id) ON DELETE CASCADE,
    message_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
    PRIMARY KEY (contact_id, seq)
);
CREATE INDEX events_by_service_request ON events (service_request_id);
CREATE INDEX events_by_message ON events (message_id);

-- What agents have read, who of them wrote, and a numbering of events for all of an app beside that of each contact.
ALTER TABLE service_requests ADD COLUMN agent_seen_seq BIGINT NOT NULL DEFAULT 0;
UPDATE service_requests SET agent_seen_seq = COALESCE(
    (SELECT MAX(m.seq) FROM messages m WHERE m.service_request_id = service_requests.id AND m.author = 'agent'), 0);

ALTER TABLE api_keys ADD COLUMN name TEXT;
ALTER TABLE messages ADD COLUMN agent_name TEXT;

-- Null in events of before: agents' cursors begin here. `read_by` and `read_seq` are of read marks alone.
ALTER TABLE apps ADD COLUMN event_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN app_id TEXT;
ALTER TABLE events ADD COLUMN app_seq BIGINT;
ALTER TABLE events ADD COLUMN read_by TEXT;
ALTER TABLE events ADD COLUMN read_seq BIGINT;
CREATE UNIQUE INDEX events_by_app ON events (app_id, app_seq);

-- Uploads. `object` names the bytes in the object store; `sender` is the contact's address, empty for agents. Until a
-- message carries it, an upload is its sender's alone, for a day.
CREATE TABLE attachments (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    sender TEXT NOT NULL,
    object TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    created_at BIGINT NOT NULL,
    message_id TEXT REFERENCES messages (id) ON DELETE CASCADE
);
CREATE INDEX attachments_by_sender ON attachments (app_id, author, sender, message_id);
CREATE INDEX attachments_by_message ON attachments (message_id, created_at);

-- The public part of a message's attachments, JSON, in order: they never change once it is sent.
ALTER TABLE messages ADD COLUMN attachments TEXT;

-- An app may take v2 connection keys alone (1), and a secret tells when it was last used.
ALTER TABLE apps ADD COLUMN require_v2 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE secrets ADD COLUMN last_used_at BIGINT;

-- v2 keys that were used, by SHA-256 of their MAC. `owner` is the SHA-256 of the attempt id that came first; null where
-- none came: then it is used up. Of no use once the key is too old.
CREATE TABLE used_keys (
    key_sha256 TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    owner TEXT,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX used_keys_by_end ON used_keys (expires_at);
CREATE INDEX used_keys_by_app ON used_keys (app_id);

-- Where the events of a contact's row begin: above all cursors of a row of the same contact that was deleted.
ALTER TABLE contacts ADD COLUMN start_seq BIGINT NOT NULL DEFAULT 0;

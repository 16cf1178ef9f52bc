-- Each list and each cleaning finds its rows by an index, whatever else is stored.
DROP INDEX service_requests_by_contact;
CREATE INDEX service_requests_by_contact ON service_requests (contact_id, updated_at, id);
DROP INDEX service_requests_by_app;
CREATE INDEX service_requests_by_app ON service_requests (app_id, updated_at, id);
CREATE INDEX service_requests_by_app_and_status ON service_requests (app_id, status, updated_at, id);
CREATE INDEX service_requests_by_status ON service_requests (status, updated_at);
CREATE INDEX pin_refusals_by_hour ON pin_refusals (hour);
CREATE INDEX service_requests_by_time ON service_requests (updated_at);
CREATE INDEX contacts_by_time ON contacts (created_at);

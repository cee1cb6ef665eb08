-- What moderators decided in a room, as JSON: it must outlive the server as
-- tickets do.
ALTER TABLE rooms ADD COLUMN decisions TEXT;

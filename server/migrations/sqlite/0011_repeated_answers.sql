-- Where an answer said that the new thing is. Where `status` is there and `body` is
-- missing, the answer held a secret, which is not kept.
ALTER TABLE idempotency_keys ADD COLUMN location TEXT;

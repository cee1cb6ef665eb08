-- From when on a token's first use may be forgotten: when the token itself is
-- no good any more. Tokens that never expire are kept, else they would begin
-- anew.
ALTER TABLE token_uses ADD COLUMN forget_at INTEGER;
CREATE INDEX token_uses_forget_at ON token_uses (forget_at) WHERE forget_at IS NOT NULL;

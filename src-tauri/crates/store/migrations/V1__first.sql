-- The first schema; schema.sql says what it means.
CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE account (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  platform TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  config TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  settings TEXT NOT NULL,
  verified_at INTEGER,
  sign_in_ends_at INTEGER,
  is_sign_in_end_told INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (platform, remote_id)
) STRICT;
CREATE TABLE account_secret (
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  field TEXT NOT NULL,
  version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (account, field)
) STRICT;
CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  own_name TEXT,
  handle TEXT,
  name TEXT NOT NULL,
  avatar TEXT,
  UNIQUE (account, remote_id)
) STRICT;
CREATE INDEX contact_avatar ON contact (avatar) WHERE avatar IS NOT NULL;
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'direct',
  contact INTEGER REFERENCES contact (id) ON DELETE SET NULL,
  own_title TEXT,
  title TEXT NOT NULL,
  folded_name TEXT NOT NULL DEFAULT '',
  network TEXT,
  limits TEXT NOT NULL DEFAULT '{}',
  is_open INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  read_up_to INTEGER,
  is_marked_unread INTEGER NOT NULL DEFAULT 0,
  read_told_up_to INTEGER,
  read_by_them_up_to INTEGER,
  last_activity_at INTEGER NOT NULL,
  last_message INTEGER,
  last_inbound_at INTEGER,
  waiting_since INTEGER,
  window_closes_at INTEGER,
  unread_count INTEGER NOT NULL DEFAULT 0,
  outbox_state TEXT,
  is_listed INTEGER NOT NULL AS (last_message IS NOT NULL OR (kind = 'request' AND is_open = 1)) VIRTUAL,
  is_unread INTEGER NOT NULL AS (
    (last_message IS NOT NULL OR (kind = 'request' AND is_open = 1)) AND (unread_count > 0 OR is_marked_unread = 1)
  ) VIRTUAL,
  is_waiting INTEGER NOT NULL AS (waiting_since IS NOT NULL) VIRTUAL,
  is_read_untold INTEGER NOT NULL AS (
    is_open = 1 AND kind <> 'request' AND coalesce(read_up_to > coalesce(read_told_up_to, -1), 0)
  ) VIRTUAL,
  is_undelivered INTEGER NOT NULL AS (coalesce(outbox_state, '') IN ('failed', 'needs_person')) VIRTUAL,
  UNIQUE (account, remote_id)
) STRICT;
CREATE INDEX conversation_contact ON conversation (contact) WHERE contact IS NOT NULL;
CREATE INDEX conversation_read_untold ON conversation (account) WHERE is_read_untold = 1;
CREATE INDEX inbox_active ON conversation (account, is_unread, last_activity_at) WHERE is_listed = 1;
CREATE INDEX inbox_waiting ON conversation (account, waiting_since) WHERE is_waiting = 1;
CREATE INDEX inbox_window ON conversation (account, window_closes_at)
  WHERE is_waiting = 1 AND window_closes_at IS NOT NULL;
CREATE INDEX inbox_undelivered ON conversation (account, last_activity_at) WHERE is_undelivered = 1;
CREATE TABLE account_state (
  account INTEGER PRIMARY KEY REFERENCES account (no) ON DELETE CASCADE,
  unread INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  undelivered INTEGER NOT NULL DEFAULT 0,
  unread_messages INTEGER NOT NULL DEFAULT 0,
  cursor TEXT
) STRICT;
CREATE TRIGGER count_account AFTER INSERT ON account BEGIN
  INSERT INTO account_state (account) VALUES (NEW.no);
END;
CREATE TRIGGER count_insert AFTER INSERT ON conversation BEGIN
  UPDATE account_state SET
    unread = unread + NEW.is_unread,
    waiting = waiting + NEW.is_waiting,
    undelivered = undelivered + NEW.is_undelivered,
    unread_messages = unread_messages + NEW.unread_count
  WHERE account = NEW.account;
END;
CREATE TRIGGER count_update AFTER UPDATE ON conversation
WHEN NEW.is_unread <> OLD.is_unread OR NEW.is_waiting <> OLD.is_waiting
  OR NEW.is_undelivered <> OLD.is_undelivered OR NEW.unread_count <> OLD.unread_count
BEGIN
  UPDATE account_state SET
    unread = unread + NEW.is_unread - OLD.is_unread,
    waiting = waiting + NEW.is_waiting - OLD.is_waiting,
    undelivered = undelivered + NEW.is_undelivered - OLD.is_undelivered,
    unread_messages = unread_messages + NEW.unread_count - OLD.unread_count
  WHERE account = NEW.account;
END;
CREATE TRIGGER count_delete AFTER DELETE ON conversation BEGIN
  UPDATE account_state SET
    unread = unread - OLD.is_unread,
    waiting = waiting - OLD.is_waiting,
    undelivered = undelivered - OLD.is_undelivered,
    unread_messages = unread_messages - OLD.unread_count
  WHERE account = OLD.account;
END;
CREATE TABLE gap (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  cursor TEXT,
  is_hole INTEGER NOT NULL DEFAULT 0,
  pages INTEGER NOT NULL DEFAULT 0,
  is_wanted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX gap_conversation ON gap (conversation, is_hole);
CREATE INDEX gap_account ON gap (account, is_hole, pages);
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT,
  is_outbound INTEGER NOT NULL,
  is_from_customer INTEGER NOT NULL,
  is_withdrawn INTEGER NOT NULL DEFAULT 0,
  author INTEGER,
  kind TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  order_in_ms INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT '',
  reply_to TEXT,
  edited_at INTEGER,
  edit_revision TEXT NOT NULL DEFAULT '',
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX message_remote ON message (account, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX message_place ON message (conversation, sent_at, order_in_ms);
CREATE INDEX message_ours ON message (conversation, sent_at, order_in_ms) WHERE is_outbound = 1;
CREATE INDEX message_theirs ON message (conversation, sent_at, order_in_ms, deleted_at, author)
  WHERE is_from_customer = 1;
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  mime TEXT NOT NULL DEFAULT '',
  size_bytes INTEGER,
  width INTEGER,
  height INTEGER,
  media TEXT,
  link TEXT,
  UNIQUE (message, position)
) STRICT;
CREATE INDEX attachment_media ON attachment (media) WHERE media IS NOT NULL;
CREATE TABLE reaction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  author INTEGER NOT NULL,
  key TEXT NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '',
  UNIQUE (message, author, key, remote_id)
) STRICT;
CREATE INDEX reaction_remote ON reaction (account, remote_id) WHERE remote_id <> '';
CREATE TABLE pending_mutation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  target TEXT NOT NULL,
  at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (account, target, detail)
) STRICT;
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id BLOB NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  message INTEGER NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  file TEXT,
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  looks INTEGER NOT NULL DEFAULT 0,
  is_accepted INTEGER NOT NULL DEFAULT 0,
  dispatched_at INTEGER,
  reason TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_unsettled ON outbox (account, conversation, seq)
  WHERE state IN ('held', 'queued', 'dispatching', 'unknown');
CREATE INDEX outbox_conversation ON outbox (conversation, state);
CREATE INDEX outbox_cancelled ON outbox (created_at) WHERE state = 'cancelled';
CREATE TABLE action (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  intent TEXT NOT NULL,
  undo TEXT,
  undone_at INTEGER
) STRICT;
CREATE INDEX action_undoable ON action (seq) WHERE undo IS NOT NULL AND undone_at IS NULL;
CREATE TABLE draft (
  conversation INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  body TEXT NOT NULL DEFAULT '',
  files TEXT NOT NULL DEFAULT '[]',
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE setting (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT NOT NULL
) STRICT;
CREATE TABLE told (
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  cause TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, cause)
) STRICT;
CREATE TABLE media (
  id TEXT PRIMARY KEY NOT NULL,
  account INTEGER REFERENCES account (no) ON DELETE CASCADE,
  key TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  mime TEXT,
  size_bytes INTEGER,
  state TEXT NOT NULL DEFAULT 'absent'
) STRICT;
CREATE VIRTUAL TABLE message_fts USING fts5(
  body, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co So'"
);
INSERT INTO message_fts (message_fts, rank) VALUES ('pgsz', 3960);
INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO message_fts (message_fts, rank) VALUES ('automerge', 0);
INSERT INTO message_fts (message_fts, rank) VALUES ('crisismerge', 128);
CREATE VIRTUAL TABLE name_fts USING fts5(
  name, content = '', columnsize = 0, prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co So'"
);
INSERT INTO name_fts (name_fts, rank) VALUES ('pgsz', 3960);
INSERT INTO name_fts (name_fts, rank) VALUES ('secure-delete', 1);

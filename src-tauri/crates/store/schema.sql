-- Today's whole schema, to be read. The migrations lead here; a test compares the two.
--
-- Manners: STRICT; NOT NULL unless absence means something; a column never changes its meaning; instants are
-- milliseconds since 1970 (`_at`), booleans are `is_…` 0 or 1, words of an enum are stored as the words of its JSON form.

-- Facts about this file itself.
CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL, -- `fold`: version of the folding of message_fts and name_fts; the others: meta.rs
  value TEXT NOT NULL
) STRICT;

-- One signed-in identity on one platform. Other tables name it by `no`, which is shorter than the id.
CREATE TABLE account (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE, -- UUIDv7, 16 bytes
  platform TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  config TEXT NOT NULL DEFAULT '', -- the connector's own
  status TEXT NOT NULL, -- JSON of AccountStatus
  settings TEXT NOT NULL, -- JSON of AccountSettings
  verified_at INTEGER,
  sign_in_ends_at INTEGER, -- if nobody does anything, as far as is known
  is_sign_in_end_told INTEGER NOT NULL DEFAULT 0, -- a person was told that it is near
  created_at INTEGER NOT NULL,
  UNIQUE (platform, remote_id)
) STRICT;

-- Tokens and the like, each sealed with XChaCha20-Poly1305 for account, field and version.
CREATE TABLE account_secret (
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  field TEXT NOT NULL,
  version INTEGER NOT NULL, -- counts up with every renewal
  sealed BLOB NOT NULL,
  PRIMARY KEY (account, field)
) STRICT;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  own_name TEXT, -- as the platform tells it
  handle TEXT,
  name TEXT NOT NULL, -- shown: own_name, else handle, else remote_id
  avatar TEXT, -- media.id
  UNIQUE (account, remote_id)
) STRICT;
CREATE INDEX contact_avatar ON contact (avatar) WHERE avatar IS NOT NULL;

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: links and notifications carry it
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'direct',
  contact INTEGER REFERENCES contact (id) ON DELETE SET NULL,
  own_title TEXT, -- as the platform tells it
  title TEXT NOT NULL, -- shown: own_title, else the contact's name, else remote_id
  folded_name TEXT NOT NULL DEFAULT '', -- what name_fts holds for it
  network TEXT,
  limits TEXT NOT NULL DEFAULT '{}', -- JSON of Limits
  is_open INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL, -- when we first heard of it; its activity until it has a message
  read_up_to INTEGER,
  is_marked_unread INTEGER NOT NULL DEFAULT 0,
  read_told_up_to INTEGER, -- what the platform knows of read_up_to
  read_by_them_up_to INTEGER,
  -- Derived from messages and outbox by refresh_conversation:
  last_activity_at INTEGER NOT NULL,
  last_message INTEGER,
  last_inbound_at INTEGER,
  waiting_since INTEGER,
  window_closes_at INTEGER,
  unread_count INTEGER NOT NULL DEFAULT 0,
  outbox_state TEXT, -- the worst of those that have not arrived
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
-- Each view of the inbox reads one index, for every account from one end; SQLite appends the id, the tie-break. None is
-- there twice, for all accounts too: every new message would wait for the pages of both.
CREATE INDEX inbox_active ON conversation (account, is_unread, last_activity_at) WHERE is_listed = 1;
CREATE INDEX inbox_waiting ON conversation (account, waiting_since) WHERE is_waiting = 1;
CREATE INDEX inbox_window ON conversation (account, window_closes_at)
  WHERE is_waiting = 1 AND window_closes_at IS NOT NULL;
CREATE INDEX inbox_undelivered ON conversation (account, last_activity_at) WHERE is_undelivered = 1;

-- What moves with every message of an account, in one short row: how many of its conversations are in a view, kept by the
-- triggers below and never counted; and where its next pull goes on, moved in the transaction of the rows it stands for.
CREATE TABLE account_state (
  account INTEGER PRIMARY KEY REFERENCES account (no) ON DELETE CASCADE,
  unread INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  undelivered INTEGER NOT NULL DEFAULT 0,
  unread_messages INTEGER NOT NULL DEFAULT 0,
  cursor TEXT -- none = from the beginning
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

-- What is missing and can be had: holes between known messages, and at most one stretch of older history.
CREATE TABLE gap (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  cursor TEXT, -- none = from the newest message
  is_hole INTEGER NOT NULL DEFAULT 0,
  pages INTEGER NOT NULL DEFAULT 0, -- fetched so far
  is_wanted INTEGER NOT NULL DEFAULT 0 -- a person scrolled there: fetched next
) STRICT;
CREATE INDEX gap_conversation ON gap (conversation, is_hole);
CREATE INDEX gap_account ON gap (account, is_hole, pages);

CREATE TABLE message (
  id INTEGER PRIMARY KEY, -- second sent << 12 | slot; never changes, also when sent_at does
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  remote_id TEXT, -- none while ours is on its way
  is_outbound INTEGER NOT NULL,
  is_from_customer INTEGER NOT NULL, -- inbound and no notice: counts as unread, as waiting, for the window
  is_withdrawn INTEGER NOT NULL DEFAULT 0, -- a reply taken back before it left: shown nowhere
  author INTEGER, -- contact.id, none for us; no foreign key: contacts go only with their account
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
-- The order on screen; SQLite appends the id.
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
  media TEXT, -- media.id
  link TEXT,
  UNIQUE (message, position)
) STRICT;
CREATE INDEX attachment_media ON attachment (media) WHERE media IS NOT NULL;

CREATE TABLE reaction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  author INTEGER NOT NULL, -- contact.id; 0 = us
  key TEXT NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '', -- where a deletion can name it; given, taken back and given again are two
  UNIQUE (message, author, key, remote_id)
) STRICT;
CREATE INDEX reaction_remote ON reaction (account, remote_id) WHERE remote_id <> '';

-- Edits, reactions and deletions of what is not here (yet). A deletion stays for good.
CREATE TABLE pending_mutation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  target TEXT NOT NULL, -- remote id of a message, or of a reaction
  at INTEGER NOT NULL,
  detail TEXT NOT NULL, -- JSON of Mutation
  UNIQUE (account, target, detail)
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of a conversation's replies
  op_id BLOB NOT NULL UNIQUE, -- UUIDv7, 16 bytes
  account INTEGER NOT NULL REFERENCES account (no) ON DELETE CASCADE,
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  message INTEGER NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE, -- the local echo; holds the text
  file TEXT, -- JSON of DraftFile
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  looks INTEGER NOT NULL DEFAULT 0,
  is_accepted INTEGER NOT NULL DEFAULT 0,
  dispatched_at INTEGER, -- when the send began, by the platforms' time
  reason TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_unsettled ON outbox (account, conversation, seq)
  WHERE state IN ('held', 'queued', 'dispatching', 'unknown');
CREATE INDEX outbox_conversation ON outbox (conversation, state);
CREATE INDEX outbox_cancelled ON outbox (created_at) WHERE state = 'cancelled';

-- The history of actions.
CREATE TABLE action (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE, -- UUIDv7, 16 bytes; applied once
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  intent TEXT NOT NULL, -- JSON of Intent, without texts and files
  undo TEXT, -- JSON of Undo
  undone_at INTEGER
) STRICT;
CREATE INDEX action_undoable ON action (seq) WHERE undo IS NOT NULL AND undone_at IS NULL;

CREATE TABLE draft (
  conversation INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  body TEXT NOT NULL DEFAULT '',
  files TEXT NOT NULL DEFAULT '[]', -- JSON of DraftFile
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT NOT NULL -- JSON of Settings
) STRICT;

-- What a person has been notified of: once per cause.
CREATE TABLE told (
  conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  cause TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, cause)
) STRICT;

-- The media cache; the bytes lie in encrypted files.
CREATE TABLE media (
  id TEXT PRIMARY KEY NOT NULL,
  account INTEGER REFERENCES account (no) ON DELETE CASCADE, -- none for a file put here by a person
  key TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  mime TEXT,
  size_bytes INTEGER,
  state TEXT NOT NULL DEFAULT 'absent'
) STRICT;

-- Folded text of messages, by message id. Contentless: the text itself is kept once, in `message`. An entry is deleted by
-- handing in the same folded text again. Leaves of 3960 bytes fit SQLCipher's pages; secure-delete because
-- PRAGMA secure_delete does not reach into the index. No merging within a write (automerge 0, crisismerge out of the way):
-- text_index.rs merges between writes, so that no message waits for it.
CREATE VIRTUAL TABLE message_fts USING fts5(
  body, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co So'"
);
INSERT INTO message_fts (message_fts, rank) VALUES ('pgsz', 3960);
INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO message_fts (message_fts, rank) VALUES ('automerge', 0);
INSERT INTO message_fts (message_fts, rank) VALUES ('crisismerge', 128);

-- Folded names of conversations (title, customer, handle), by conversation id.
CREATE VIRTUAL TABLE name_fts USING fts5(
  name, content = '', columnsize = 0, prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co So'"
);
INSERT INTO name_fts (name_fts, rank) VALUES ('pgsz', 3960);
INSERT INTO name_fts (name_fts, rank) VALUES ('secure-delete', 1);

// Written by `cargo test -p api`. Do not edit: change src-tauri/crates/api/src/calls.rs.

/**
 * What Kontor is and what it can connect to.
 */
export type About = { 
/**
 * Version.
 */
version: string, 
/**
 * `linux`, `macos`, `windows`.
 */
system: string, 
/**
 * Everything that can be connected.
 */
platforms: Array<PlatformFacts>, };

/**
 * What its owner chooses now.
 */
export type AccountChange = { 
/**
 * Which.
 */
account: AccountId, 
/**
 * All of it.
 */
settings: AccountSettings, };

/**
 * A signed-in account of a platform.
 */
export type AccountId = string;

/**
 * One account.
 */
export type AccountRef = { 
/**
 * Which.
 */
account: AccountId, };

/**
 * A connected account.
 */
export type AccountRow = { 
/**
 * Ours.
 */
id: AccountId, 
/**
 * Its platform.
 */
platform: PlatformId, 
/**
 * What the platform calls it.
 */
name: string, 
/**
 * Its id or address on the platform, as people know it.
 */
handle: string, 
/**
 * How it is doing.
 */
status: AccountStatus, 
/**
 * When a read last succeeded.
 */
verifiedAt: Timestamp | null, 
/**
 * When the sign-in ends if nobody signs in again; none = no end is known.
 */
signInEndsAt: Timestamp | null, 
/**
 * From when on that is worth a warning.
 */
signInWarnsFrom: Timestamp | null, 
/**
 * What its owner chose.
 */
settings: AccountSettings, 
/**
 * Conversations with something unread.
 */
unreadCount: number, 
/**
 * What could not be understood since the start, counted.
 */
problemCount: number, };

/**
 * What the owner of an account chose.
 */
export type AccountSettings = { 
/**
 * Whether customers are shown that we have read; off: look first, answer when the facts are in.
 */
sendsReadReceipts: boolean, 
/**
 * Whether its messages may make a notification.
 */
notifies: boolean, };

/**
 * How an account is doing; a variant exists only where the next step of a person or of the engine differs.
 */
export type AccountStatus = { "kind": "importing" } | { "kind": "live" } | { "kind": "offline", 
/**
 * Since when.
 */
since: Timestamp, 
/**
 * What answers in its place, if anything does: a person can put that right.
 */
barrier: Barrier | null, } | { "kind": "unreadable", 
/**
 * Since when.
 */
since: Timestamp, } | { "kind": "throttled", 
/**
 * Until when we wait.
 */
until: Timestamp, } | { "kind": "sign_in_again" } | { "kind": "refused" };

/**
 * One intent of a person or a rule; made by whoever has the intent, applied once.
 */
export type ActionId = string;

/**
 * A failed call.
 */
export type ApiError = { 
/**
 * What the UI does.
 */
code: ErrorCode, 
/**
 * With `Profile`.
 */
problem: ProfileProblem | null, 
/**
 * With `Login`.
 */
login: LoginProblem | null, };

/**
 * What came of an action.
 */
export type Applied = { 
/**
 * The action, for undo; none if nothing changed.
 */
action: ActionId | null, 
/**
 * Local echoes of a reply, in order.
 */
messages: Array<MessageId>, 
/**
 * A reply can be taken back until then.
 */
heldUntil: Timestamp | null, };

/**
 * An attachment's row on this device.
 */
export type AttachmentId = number;

/**
 * How an attachment is shown.
 */
export type AttachmentKind = "image" | "video" | "audio" | "file" | "sticker" | "story" | "share";

/**
 * A file of a message.
 */
export type AttachmentRef = { 
/**
 * Which.
 */
attachment: AttachmentId, };

/**
 * A file.
 */
export type AttachmentView = { 
/**
 * Ours.
 */
id: AttachmentId, 
/**
 * How to show it.
 */
kind: AttachmentKind, 
/**
 * Safe name.
 */
name: string, 
/**
 * Stated type.
 */
mime: string, 
/**
 * Stated size, bytes.
 */
sizeBytes: number | null, 
/**
 * Stated width, pixels.
 */
width: number | null, 
/**
 * Stated height, pixels.
 */
height: number | null, 
/**
 * What the media scheme serves: pictures and stickers are shown, all else is saved.
 */
media: MediaId | null, 
/**
 * For shares: opens in the browser.
 */
link: string | null, };

/**
 * What the person is looking at.
 */
export type Attention = { 
/**
 * The open conversation.
 */
conversation: ConversationId | null, 
/**
 * The window is in front and has the focus.
 */
isFocused: boolean, };

/**
 * Who wrote.
 */
export type AuthorView = { 
/**
 * Ours.
 */
id: ContactId, 
/**
 * Name.
 */
name: string, 
/**
 * Picture.
 */
avatar: MediaId | null, };

/**
 * What stands between us and every platform, and answers in their place.
 */
export type Barrier = "page" | "proxy";

/**
 * Whether and why not a reply can be written; words are `composer.state.<kind>`.
 */
export type ComposerState = { "kind": "open", 
/**
 * Until then; none = no window here.
 */
closesAt: Timestamp | null, } | { "kind": "request" } | { "kind": "window_closed", 
/**
 * When it closed.
 */
closedAt: Timestamp, } | { "kind": "not_written_yet" } | { "kind": "encrypted" } | { "kind": "read_only" } | { "kind": "sign_in_again" };

/**
 * A contact's row on this device.
 */
export type ContactId = number;

/**
 * A person, for the contact pane.
 */
export type ContactView = { 
/**
 * Ours.
 */
id: ContactId, 
/**
 * Name.
 */
name: string, 
/**
 * Handle.
 */
handle: string | null, 
/**
 * Picture.
 */
avatar: MediaId | null, 
/**
 * First message here.
 */
firstSeenAt: Timestamp | null, 
/**
 * Messages of theirs here.
 */
messageCount: number, 
/**
 * Other conversations with the same person on this account.
 */
otherConversations: Array<OtherConversation>, };

/**
 * A conversation's row on this device; part of `kontor://conversation/<id>`.
 */
export type ConversationId = number;

/**
 * What kind of conversation it is.
 */
export type ConversationKind = "direct" | "group" | "request";

/**
 * One conversation.
 */
export type ConversationRef = { 
/**
 * Which.
 */
conversation: ConversationId, };

/**
 * The head of an open conversation, and what its composer needs.
 */
export type ConversationView = { 
/**
 * Ours.
 */
id: ConversationId, 
/**
 * Whose.
 */
account: AccountId, 
/**
 * The account's name.
 */
accountName: string, 
/**
 * Platform.
 */
platform: PlatformId, 
/**
 * The network behind a bridge.
 */
network: string | null, 
/**
 * Direct, group, request.
 */
kind: ConversationKind, 
/**
 * Name.
 */
title: string, 
/**
 * The customer.
 */
contact: ContactView | null, 
/**
 * Not read.
 */
unreadCount: number, 
/**
 * Marked unread by hand.
 */
isMarkedUnread: boolean, 
/**
 * The first message not read, for the line above it.
 */
firstUnread: MessageId | null, 
/**
 * The customer waits since.
 */
waitingSince: Timestamp | null, 
/**
 * The customer has read up to here.
 */
readByThemUpTo: Timestamp | null, 
/**
 * Whether and why not a reply can be written.
 */
composer: ComposerState, 
/**
 * Longest text.
 */
maxText: number, 
/**
 * In this unit.
 */
textUnit: TextUnit, 
/**
 * Largest picture, bytes; 0 = none taken.
 */
maxImageBytes: number, 
/**
 * Largest other file, bytes; 0 = none taken.
 */
maxFileBytes: number, 
/**
 * Whether a reply can quote.
 */
canQuote: boolean, 
/**
 * What was typed and not sent.
 */
draftBody: string, 
/**
 * Files of the draft.
 */
draftFiles: Array<DraftFile>, 
/**
 * Older messages can be had from the platform.
 */
hasMoreHistory: boolean, };

/**
 * What was copied.
 */
export type CopiedPicture = { 
/**
 * A PNG, in base64; none if no picture was copied, or if a paste carries it itself.
 */
base64: string | null, };

/**
 * How far a reply from this device is, as shown on its message.
 */
export type Delivery = { 
/**
 * Where.
 */
state: OutboxState, 
/**
 * While held: when it is let go.
 */
heldUntil: Timestamp | null, 
/**
 * Why it failed or needs a person.
 */
reason: FailReason | null, };

/**
 * How tall a row of the inbox is.
 */
export type Density = "comfortable" | "compact";

/**
 * Which way a message went.
 */
export type Direction = "in" | "out";

/**
 * A draft as typed.
 */
export type DraftChange = { 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * Text.
 */
body: string, 
/**
 * Files.
 */
files: Array<DraftFile>, };

/**
 * A file waiting in a draft; its bytes lie in the media cache.
 */
export type DraftFile = { 
/**
 * In the media cache.
 */
media: MediaId, 
/**
 * File name.
 */
name: string, 
/**
 * Sniffed from the bytes.
 */
mime: string, 
/**
 * Size.
 */
sizeBytes: number, };

/**
 * Why a call failed; a code exists only if the UI does something with it. Its words are `error.<code>` in the UI's files.
 */
export type ErrorCode = "bad_call" | "no_profile" | "profile" | "login" | "gone" | "window_closed" | "too_long" | "nothing_to_send" | "file_refused" | "encrypted" | "read_only" | "too_late" | "bad_link" | "disk_full" | "disk_failed" | "not_writable" | "damaged" | "unreachable" | "internal";

/**
 * Why a reply failed or needs a person; a variant exists only where the words or the next step differ.
 */
export type FailReason = "window_closed" | "too_long" | "attachment_refused" | "sign_in_again" | "recipient_unavailable" | "encrypted" | "other_app_in_control" | "refused" | "unconfirmed" | "overdue";

/**
 * A file is about to come, in pieces (one call carries at most 256 KiB).
 */
export type FileBegin = { 
/**
 * Where it is to go.
 */
conversation: ConversationId, 
/**
 * Name.
 */
name: string, 
/**
 * Size; checked against what the platform takes before the first piece.
 */
sizeBytes: number, 
/**
 * Stated type.
 */
mime: string, };

/**
 * A piece of it.
 */
export type FilePiece = { 
/**
 * Which.
 */
upload: string, 
/**
 * At most 180 KiB, base64.
 */
base64: string, };

/**
 * A file under way.
 */
export type FileRef = { 
/**
 * Handed back with each piece.
 */
upload: string, };

/**
 * Where the profile lies.
 */
export type FolderWarning = { 
/**
 * On another machine; else in a folder that a program synchronises.
 */
isRemote: boolean, 
/**
 * The file system, or the program.
 */
name: string, };

/**
 * The numbers of the sidebar: conversations, not messages.
 */
export type InboxCounts = { 
/**
 * Unread.
 */
unread: number, 
/**
 * Waiting.
 */
waiting: number, 
/**
 * Ends soon.
 */
endsSoon: number, 
/**
 * Undelivered.
 */
undelivered: number, };

/**
 * Where a row stands in its view.
 */
export type InboxKey = { 
/**
 * The view's sort value: an instant.
 */
at: Timestamp, 
/**
 * Tie-break.
 */
id: ConversationId, };

/**
 * Rows in the view's order.
 */
export type InboxPage = { 
/**
 * Rows.
 */
rows: Array<InboxRow>, 
/**
 * The key of the last row if more follow.
 */
next: InboxKey | null, };

/**
 * The newest message, in short.
 */
export type InboxPreview = { 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Its beginning, at most 200 characters; empty for files, deleted and unreadable ones.
 */
text: string, 
/**
 * Its first file.
 */
attachment: AttachmentKind | null, 
/**
 * Deleted.
 */
isDeleted: boolean, 
/**
 * Encrypted, or of a kind that is not handed out.
 */
isUnreadable: boolean, 
/**
 * Who wrote, in a group.
 */
author: string | null, };

/**
 * A stretch of a list, by keys and never by offset: rows after `after` (exclusive), up to `until` (inclusive) or `limit`.
 *
 * Asking again with the same `after` and `until` refreshes exactly that stretch, whatever came in above it.
 */
export type InboxQuery = { 
/**
 * Which.
 */
view: InboxView, 
/**
 * Only this account's.
 */
account: AccountId | null, 
/**
 * Start behind this row; none = from the top.
 */
after: InboxKey | null, 
/**
 * End with this row; none = `limit` decides.
 */
until: InboxKey | null, 
/**
 * Most rows, 1–200.
 */
limit: number, };

/**
 * One conversation in the list.
 */
export type InboxRow = { 
/**
 * Ours.
 */
id: ConversationId, 
/**
 * Where it stands.
 */
key: InboxKey, 
/**
 * Whose.
 */
account: AccountId, 
/**
 * The account's name.
 */
accountName: string, 
/**
 * The account's platform.
 */
platform: PlatformId, 
/**
 * The network behind a bridge.
 */
network: string | null, 
/**
 * Direct, group, request.
 */
kind: ConversationKind, 
/**
 * Who.
 */
title: string, 
/**
 * Picture.
 */
avatar: MediaId | null, 
/**
 * The newest message.
 */
preview: InboxPreview | null, 
/**
 * Newest message's instant.
 */
lastActivityAt: Timestamp, 
/**
 * Not read.
 */
unreadCount: number, 
/**
 * Marked unread by hand.
 */
isMarkedUnread: boolean, 
/**
 * The customer waits since.
 */
waitingSince: Timestamp | null, 
/**
 * The reply window closes.
 */
windowClosesAt: Timestamp | null, 
/**
 * The worst state of our replies on the way; none if all have arrived.
 */
outbox: OutboxState | null, 
/**
 * There is a draft: its beginning.
 */
draft: string | null, };

/**
 * Which conversations.
 */
export type InboxView = "all" | "unread" | "waiting" | "ends_soon" | "undelivered";

/**
 * What is to be done.
 */
export type Intent = { "kind": "reply", 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * The text; may be empty if there are files.
 */
body: string, 
/**
 * Files from the media cache.
 */
files: Array<DraftFile>, 
/**
 * The message answered, if one is quoted.
 */
replyTo: MessageId | null, } | { "kind": "mark_read", 
/**
 * Which.
 */
conversation: ConversationId, } | { "kind": "see", 
/**
 * Which.
 */
conversation: ConversationId, } | { "kind": "mark_unread", 
/**
 * Which.
 */
conversation: ConversationId, } | { "kind": "retry", 
/**
 * Its local echo.
 */
message: MessageId, } | { "kind": "discard", 
/**
 * Its local echo.
 */
message: MessageId, };

/**
 * Where a click on a notification or a link leads.
 */
export type Jump = { "kind": "conversation", 
/**
 * Open this.
 */
conversation: ConversationId, 
/**
 * Highlight this.
 */
message: MessageId | null, } | { "kind": "account", 
/**
 * Whose.
 */
account: AccountId, };

/**
 * A jump that waits, if any.
 */
export type JumpWaiting = { 
/**
 * Taken by this call.
 */
jump: Jump | null, };

/**
 * The language of the window, the notifications and the tray.
 */
export type Language = "system" | "en" | "de";

/**
 * The licence of something that is in Kontor.
 */
export type Licence = { 
/**
 * Package.
 */
name: string, 
/**
 * Version.
 */
version: string, 
/**
 * SPDX expression.
 */
licence: string, };

/**
 * A link in a message.
 */
export type Link = { 
/**
 * http, https or mailto; anything else is refused.
 */
url: string, };

/**
 * The answer to a step.
 */
export type LoginAnswer = { 
/**
 * Which sign-in.
 */
flow: string, 
/**
 * What the person did.
 */
input: LoginAnswerInput, };

/**
 * What the person did.
 */
export type LoginAnswerInput = { "kind": "fields", 
/**
 * By field name.
 */
values: { [key in string]: string }, } | { "kind": "pasted", 
/**
 * As pasted.
 */
text: string, } | { "kind": "chosen", 
/**
 * Ids.
 */
ids: Array<string>, };

/**
 * A choice.
 */
export type LoginChoiceView = { 
/**
 * Handed back.
 */
id: string, 
/**
 * Name on the platform.
 */
name: string, 
/**
 * Whether it can be chosen.
 */
isPossible: boolean, 
/**
 * A key below `login.<platform>.reason`, if not.
 */
reason: string | null, };

/**
 * How a field is typed.
 */
export type LoginFieldKind = "text" | "url" | "secret";

/**
 * A field to fill in; words are `login.<platform>.field.<name>`.
 */
export type LoginFieldView = { 
/**
 * Name.
 */
name: string, 
/**
 * How it is typed.
 */
kind: LoginFieldKind, 
/**
 * Filled in already.
 */
value: string, 
/**
 * May stay empty.
 */
isOptional: boolean, };

/**
 * Why a step did not lead on; a sentence for each is in the UI's files (`login.problem`).
 */
export type LoginProblem = "wrong_password" | "consent_refused" | "wrong_redirect" | "token_invalid" | "wrong_app" | "unreachable" | "page_in_between" | "proxy_in_between" | "page_at_address" | "not_this_platform" | "bad_address" | "permission_missing" | "nothing_to_connect" | "throttled" | "method_not_offered" | "malformed" | "timed_out";

/**
 * One sign-in.
 */
export type LoginRef = { 
/**
 * Which.
 */
flow: string, };

/**
 * Begins a sign-in.
 */
export type LoginStart = { 
/**
 * Platform.
 */
platform: PlatformId, 
/**
 * One of its methods.
 */
method: string, 
/**
 * Set to sign an account in again.
 */
again: AccountId | null, };

/**
 * What to show.
 */
export type LoginStepView = { "kind": "fields", 
/**
 * In order.
 */
fields: Array<LoginFieldView>, } | { "kind": "browse", 
/**
 * The page, for a button that opens it again.
 */
url: string, 
/**
 * Whether we listen for the redirect; otherwise only a paste leads on.
 */
isListening: boolean, } | { "kind": "choose", 
/**
 * From these.
 */
choices: Array<LoginChoiceView>, } | { "kind": "others", 
/**
 * Them.
 */
choices: Array<LoginChoiceView>, } | { "kind": "done", 
/**
 * What was connected or signed in again.
 */
accounts: Array<AccountId>, };

/**
 * A sign-in under way and what it shows.
 */
export type LoginView = { 
/**
 * Handed back with each answer.
 */
flow: string, 
/**
 * What to show.
 */
step: LoginStepView, };

/**
 * A file in the media cache: hexadecimal hash of what was fetched and from which account; safe in an address.
 */
export type MediaId = string;

/**
 * A message's row on this device: second sent << 12 | slot, below 2^53, so that the id is ordered by time
 * even after a backfill. Never leaves the device. The order on screen is the platform's, not this one.
 */
export type MessageId = number;

/**
 * Where a message stands: platform time, the platform's tie-break, arrival.
 */
export type MessageKey = { 
/**
 * Platform time.
 */
at: Timestamp, 
/**
 * The platform's tie-break.
 */
order: number, 
/**
 * Arrival.
 */
id: MessageId, };

/**
 * What a message is, beside its text and attachments.
 */
export type MessageKind = "plain" | "notice" | "story_reply" | "story_mention" | "encrypted" | "unsupported";

/**
 * Messages, oldest first.
 */
export type MessagePage = { 
/**
 * Messages.
 */
messages: Array<MessageView>, 
/**
 * Older ones are stored here.
 */
hasOlder: boolean, 
/**
 * Newer ones are stored here.
 */
hasNewer: boolean, };

/**
 * A message.
 */
export type MessageView = { 
/**
 * Ours.
 */
id: MessageId, 
/**
 * Where it stands.
 */
key: MessageKey, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * Who; none for us.
 */
author: AuthorView | null, 
/**
 * What.
 */
kind: MessageKind, 
/**
 * Platform time.
 */
sentAt: Timestamp, 
/**
 * Text.
 */
body: string, 
/**
 * What it answers.
 */
quote: QuoteView | null, 
/**
 * Last edit.
 */
editedAt: Timestamp | null, 
/**
 * Taken back on the platform.
 */
isDeleted: boolean, 
/**
 * For ours from this device, while it matters.
 */
delivery: Delivery | null, 
/**
 * Files.
 */
attachments: Array<AttachmentView>, 
/**
 * Reactions, grouped.
 */
reactions: Array<ReactionView>, };

/**
 * A stretch of a conversation, with keys as in the inbox list: around a message, before a key, or the newest.
 */
export type MessagesQuery = { 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * Messages before this key (exclusive).
 */
before: MessageKey | null, 
/**
 * Messages from this key on (inclusive): with `before`, refreshes exactly that stretch.
 */
from: MessageKey | null, 
/**
 * The stretch around this message.
 */
around: MessageId | null, 
/**
 * Most messages, 1–200.
 */
limit: number, };

/**
 * For calls without arguments.
 */
export type Nothing = Record<symbol, never>;

/**
 * Which Kontor opened the kept profile last.
 */
export type OpenedBy = { 
/**
 * Its version; none if the profile does not say.
 */
version: string | null, };

/**
 * Another conversation with the same person.
 */
export type OtherConversation = { 
/**
 * Which.
 */
id: ConversationId, 
/**
 * Name.
 */
title: string, 
/**
 * Newest message.
 */
lastActivityAt: Timestamp, };

/**
 * Where a reply is. `Dispatching` never goes back to `Queued` by a timer: that one rule gives at most once.
 */
export type OutboxState = "held" | "queued" | "dispatching" | "sent" | "unknown" | "needs_person" | "failed" | "cancelled";

/**
 * A passphrase, typed by a person.
 */
export type Passphrase = { 
/**
 * Wiped after use; never logged.
 */
passphrase: string, };

/**
 * A platform, for the UI.
 */
export type PlatformFacts = { 
/**
 * Id.
 */
id: string, 
/**
 * Its own name.
 */
name: string, 
/**
 * `#rrggbb`.
 */
colour: string, 
/**
 * Its mark: the content of our own SVG file.
 */
logoSvg: string, 
/**
 * Ways to sign in, best first; words are `login.<platform>.<method>`.
 */
loginMethods: Array<string>, };

/**
 * A registered platform: `matrix`, `messenger` …
 */
export type PlatformId = string;

/**
 * What can be typed in the sandbox to practise signing in. Invented, so nothing is secret.
 */
export type PracticeSignIn = { 
/**
 * Platform.
 */
platform: PlatformId, 
/**
 * One of its methods.
 */
method: string, 
/**
 * What it leads to.
 */
name: string, 
/**
 * The address or id of the one account it leads to, as `AccountRow` has it; none if that shows only on the way.
 */
handle: string | null, 
/**
 * By field name.
 */
fields: { [key in string]: string }, };

/**
 * The answer to "a real account is about to be connected".
 */
export type Prepared = { 
/**
 * A kept profile is open; connect.
 */
isReady: boolean, 
/**
 * It is not: there is no usable keychain; ask for a passphrase or for a temporary profile.
 */
problem: ProfileProblem | null, };

/**
 * Where the kept profile lies, or one that was set aside: for people to find it.
 */
export type ProfilePlace = { 
/**
 * Path of its folder.
 */
folder: string, };

/**
 * Why a profile cannot be opened or made; a sentence with a next step for each is in the UI's files (`profile.problem`).
 */
export type ProfileProblem = "keychain_locked" | "keychain_missing" | "key_gone" | "wrong_passphrase" | "passphrase_too_short" | "newer_database" | "damaged" | "disk_full" | "not_writable" | "disk_failed" | "in_use";

/**
 * Which profile is open.
 */
export type ProfileState = "empty" | "passphrase_needed" | "blocked" | "open" | "temporary" | "sandbox";

/**
 * Which profile is open and why not.
 */
export type ProfileStatus = { 
/**
 * Which.
 */
state: ProfileState, 
/**
 * Why it is blocked, or why the last attempt failed.
 */
problem: ProfileProblem | null, 
/**
 * Something is wrong while it is open (disk full: writing stopped).
 */
trouble: ProfileProblem | null, 
/**
 * The database is damaged, and there is a copy of this instant to bring it back from.
 */
restorable: Timestamp | null, 
/**
 * It cannot be opened, and may be set aside for a new one.
 */
mayBeginAnew: boolean, 
/**
 * Where the profile lies is no good place for a database; said until it was seen.
 */
folder: FolderWarning | null, 
/**
 * The platforms' time less this machine's, in milliseconds: whoever compares an instant of a message with now adds it.
 */
platformsAheadMs: number, 
/**
 * That is so much that a person should know.
 */
isClockWrong: boolean, };

/**
 * A quoted message.
 */
export type QuoteView = { 
/**
 * If it is here.
 */
message: MessageId | null, 
/**
 * Who wrote it; none for us or if it is not here.
 */
author: string | null, 
/**
 * Which way it went, if it is here.
 */
direction: Direction | null, 
/**
 * Its beginning; empty if it is not here.
 */
excerpt: string, };

/**
 * Reactions with the same emoji.
 */
export type ReactionView = { 
/**
 * Emoji.
 */
key: string, 
/**
 * How many.
 */
count: number, 
/**
 * One of them is ours.
 */
isOurs: boolean, 
/**
 * Names of the others.
 */
names: Array<string>, };

/**
 * Where a file or a folder was saved.
 */
export type Saved = { 
/**
 * Its name in the downloads folder.
 */
fileName: string, };

/**
 * A message found.
 */
export type SearchHit = { 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * Which.
 */
message: MessageId, 
/**
 * Name of the conversation.
 */
title: string, 
/**
 * Picture.
 */
avatar: MediaId | null, 
/**
 * Platform.
 */
platform: PlatformId, 
/**
 * The network behind a bridge.
 */
network: string | null, 
/**
 * Which way.
 */
direction: Direction, 
/**
 * When.
 */
sentAt: Timestamp, 
/**
 * The text around the first match, in pieces; every second piece (1, 3, 5 …) is a match.
 */
snippet: Array<string>, };

/**
 * What was found.
 */
export type SearchPage = { 
/**
 * Conversations whose name or handle matches; only with the first page.
 */
conversations: Array<InboxRow>, 
/**
 * Messages, newest first.
 */
hits: Array<SearchHit>, 
/**
 * More follow.
 */
hasMore: boolean, };

/**
 * What to look for.
 */
export type SearchQuery = { 
/**
 * As typed. Words in any order; the last one may be unfinished; "quoted words" in this order. Umlauts and case do not matter.
 */
text: string, 
/**
 * Hits older than this one.
 */
before: MessageId | null, 
/**
 * Most hits, 1–100.
 */
limit: number, };

/**
 * Which key sends.
 */
export type SendKey = "ctrl_enter" | "enter";

/**
 * Everything a person can set; a field that an older file lacks takes its default.
 */
export type Settings = { 
/**
 * Light, dark, system.
 */
theme: Theme, 
/**
 * German, English, system.
 */
language: Language, 
/**
 * Row height.
 */
density: Density, 
/**
 * Which key sends; none as long as the person was not asked, and then it is Ctrl and Enter, by which nothing leaves half
 * written.
 */
sendKey: SendKey | null, 
/**
 * How long a reply is held so that it can be taken back, in seconds, 0–15.
 */
undoSendSeconds: number, 
/**
 * Whether there are notifications at all.
 */
notifies: boolean, 
/**
 * Whether a notification shows the text or only who wrote.
 */
showsTextInNotifications: boolean, 
/**
 * Whether a notification makes a sound.
 */
playsSound: boolean, 
/**
 * A reply is due when the customer has waited this long, in minutes, 5–10 080; 0 turns it off.
 */
replyTargetMinutes: number, 
/**
 * Whether closing the window leaves Kontor in the tray.
 */
keepsRunningInTray: boolean, 
/**
 * Whether a single letter does something; without, who speaks to the computer or hits keys by chance sets nothing off.
 */
usesLetterKeys: boolean, };

/**
 * In what a platform counts the length of a text.
 */
export type TextUnit = "characters" | "utf16" | "bytes";

/**
 * Light or dark.
 */
export type Theme = "system" | "light" | "dark";

/**
 * Milliseconds since 1970-01-01T00:00:00Z.
 */
export type Timestamp = number;

/**
 * Which action to take back.
 */
export type UndoQuery = { 
/**
 * None = the newest that can be.
 */
action: ActionId | null, };

/**
 * What was taken back.
 */
export type Undone = { 
/**
 * The conversation it was about; none if there was nothing to take back.
 */
conversation: ConversationId | null, };

/** Everything a UI may ask. */
export interface Calls {
  profile_status: { kind: 'query'; arguments: Nothing; answer: ProfileStatus };
  profile_prepare: { kind: 'command'; arguments: Nothing; answer: Prepared };
  profile_protect: { kind: 'command'; arguments: Passphrase; answer: ProfileStatus };
  profile_make_temporary: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  profile_unlock: { kind: 'command'; arguments: Passphrase; answer: ProfileStatus };
  profile_try_again: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  profile_restore: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  profile_export: { kind: 'command'; arguments: Nothing; answer: Saved };
  profile_opened_by: { kind: 'query'; arguments: Nothing; answer: OpenedBy };
  profile_place: { kind: 'query'; arguments: Nothing; answer: ProfilePlace };
  profile_begin_anew: { kind: 'command'; arguments: Nothing; answer: ProfilePlace };
  profile_folder_seen: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  sandbox_enter: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  sandbox_leave: { kind: 'command'; arguments: Nothing; answer: ProfileStatus };
  sandbox_practice: { kind: 'query'; arguments: Nothing; answer: Array<PracticeSignIn> };
  about: { kind: 'query'; arguments: Nothing; answer: About };
  licences: { kind: 'query'; arguments: Nothing; answer: Array<Licence> };
  jump_take: { kind: 'command'; arguments: Nothing; answer: JumpWaiting };
  attention_set: { kind: 'command'; arguments: Attention; answer: Nothing };
  link_open: { kind: 'command'; arguments: Link; answer: Nothing };
  accounts_list: { kind: 'query'; arguments: Nothing; answer: Array<AccountRow> };
  account_set: { kind: 'command'; arguments: AccountChange; answer: Nothing };
  account_sync: { kind: 'command'; arguments: AccountRef; answer: Nothing };
  account_remove: { kind: 'command'; arguments: AccountRef; answer: Nothing };
  login_start: { kind: 'command'; arguments: LoginStart; answer: LoginView };
  login_next: { kind: 'command'; arguments: LoginAnswer; answer: LoginView };
  login_wait: { kind: 'command'; arguments: LoginRef; answer: LoginView };
  login_cancel: { kind: 'command'; arguments: LoginRef; answer: Nothing };
  inbox_list: { kind: 'query'; arguments: InboxQuery; answer: InboxPage };
  inbox_counts: { kind: 'query'; arguments: Nothing; answer: InboxCounts };
  inbox_act: { kind: 'command'; arguments: Intent; answer: Applied };
  inbox_undo: { kind: 'command'; arguments: UndoQuery; answer: Undone };
  search: { kind: 'query'; arguments: SearchQuery; answer: SearchPage };
  conversation_open: { kind: 'query'; arguments: ConversationRef; answer: ConversationView };
  conversation_messages: { kind: 'query'; arguments: MessagesQuery; answer: MessagePage };
  conversation_history: { kind: 'command'; arguments: ConversationRef; answer: Nothing };
  draft_save: { kind: 'command'; arguments: DraftChange; answer: Nothing };
  picture_paste: { kind: 'command'; arguments: Nothing; answer: CopiedPicture };
  file_begin: { kind: 'command'; arguments: FileBegin; answer: FileRef };
  file_append: { kind: 'command'; arguments: FilePiece; answer: FileRef };
  file_finish: { kind: 'command'; arguments: FileRef; answer: DraftFile };
  attachment_save: { kind: 'command'; arguments: AttachmentRef; answer: Saved };
  settings_get: { kind: 'query'; arguments: Nothing; answer: Settings };
  settings_set: { kind: 'command'; arguments: Settings; answer: Settings };
}

/** What the answer of a query is made of: it is stale when a change names one of these. `conversation` means the one in its arguments. */
export const READS = {
  profile_status: ['profile'],
  profile_opened_by: ['profile'],
  profile_place: ['profile'],
  sandbox_practice: ['profile'],
  about: [],
  licences: [],
  accounts_list: ['accounts', 'inbox'],
  inbox_list: ['inbox', 'contacts', 'accounts'],
  inbox_counts: ['inbox'],
  search: ['inbox', 'contacts'],
  conversation_open: ['conversation', 'contacts', 'accounts'],
  conversation_messages: ['conversation', 'contacts'],
  settings_get: ['settings'],
} as const;

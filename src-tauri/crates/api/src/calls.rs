//! The list of everything a UI may ask. The router, the TypeScript types and the topics of the UI's cache come from it.

/// Hands the whole list to another macro: `kind name(Arguments) -> Answer, reads [Topic …];`
macro_rules! for_each_call {
    ($then:ident) => {
        $then! {
            // Which profile is open. These work without one.
            query profile_status(Nothing) -> ProfileStatus, reads [Profile];
            command profile_prepare(Nothing) -> Prepared, reads [];
            command profile_protect(Passphrase) -> ProfileStatus, reads [];
            command profile_make_temporary(Nothing) -> ProfileStatus, reads [];
            command profile_unlock(Passphrase) -> ProfileStatus, reads [];
            command profile_try_again(Nothing) -> ProfileStatus, reads [];
            command profile_restore(Nothing) -> ProfileStatus, reads [];
            command profile_export(Nothing) -> Saved, reads [];
            query profile_opened_by(Nothing) -> OpenedBy, reads [Profile];
            query profile_place(Nothing) -> ProfilePlace, reads [Profile];
            command profile_begin_anew(Nothing) -> ProfilePlace, reads [];
            command profile_folder_seen(Nothing) -> ProfileStatus, reads [];
            command sandbox_enter(Nothing) -> ProfileStatus, reads [];
            command sandbox_leave(Nothing) -> ProfileStatus, reads [];
            query sandbox_practice(Nothing) -> Vec<PracticeSignIn>, reads [Profile];
            query about(Nothing) -> About, reads [];
            query licences(Nothing) -> Vec<Licence>, reads [];
            command jump_take(Nothing) -> JumpWaiting, reads [];
            command attention_set(Attention) -> Nothing, reads [];
            command link_open(Link) -> Nothing, reads [];

            // Accounts.
            query accounts_list(Nothing) -> Vec<AccountRow>, reads [Accounts, Inbox];
            command account_set(AccountChange) -> Nothing, reads [];
            command account_sync(AccountRef) -> Nothing, reads [];
            command account_remove(AccountRef) -> Nothing, reads [];
            command login_start(LoginStart) -> LoginView, reads [];
            command login_next(LoginAnswer) -> LoginView, reads [];
            command login_wait(LoginRef) -> LoginView, reads [];
            command login_cancel(LoginRef) -> Nothing, reads [];

            // The inbox.
            query inbox_list(InboxQuery) -> InboxPage, reads [Inbox, Contacts, Accounts];
            query inbox_counts(Nothing) -> InboxCounts, reads [Inbox];
            command inbox_act(Intent) -> Applied, reads [];
            command inbox_undo(UndoQuery) -> Undone, reads [];
            query search(SearchQuery) -> SearchPage, reads [Inbox, Contacts];

            // One conversation.
            query conversation_open(ConversationRef) -> ConversationView, reads [Conversation, Contacts, Accounts];
            query conversation_messages(MessagesQuery) -> MessagePage, reads [Conversation, Contacts];
            command conversation_history(ConversationRef) -> Nothing, reads [];
            command draft_save(DraftChange) -> Nothing, reads [];
            command picture_paste(Nothing) -> CopiedPicture, reads [];
            command file_begin(FileBegin) -> FileRef, reads [];
            command file_append(FilePiece) -> FileRef, reads [];
            command file_finish(FileRef) -> DraftFile, reads [];
            command attachment_save(AttachmentRef) -> Saved, reads [];

            // Settings.
            query settings_get(Nothing) -> Settings, reads [Settings];
            command settings_set(Settings) -> Settings, reads [];
        }
    };
}
pub(crate) use for_each_call;

import type { AccountId, AccountRow, ConversationId, InboxView, MessageId } from '@/api/generated'
import { closeLayers } from '@/design/layers'

export type Route = 'inbox' | 'search' | 'settings'

/** Where the person is. Nothing of it is stored: a start begins at the inbox. */
class Navigation {
  route = $state<Route>('inbox')
  view = $state<InboxView>('all')
  /** Only this account's conversations. */
  account = $state<AccountId | null>(null)
  conversation = $state<ConversationId | null>(null)
  /** Scroll to this message and mark it; a new object each time, so that the same target works twice. */
  target = $state.raw<{ message: MessageId } | null>(null)
  /** The composer shall have the focus as soon as there is one. */
  isFocusWanted = $state(false)
  /** Where the settings begin; a new object each time, so that the same place works twice. */
  settingsPlace = $state.raw<{ section: string; account: AccountId | null } | null>(null)
  isHelpOpen = $state(false)
  isContactOpen = $state(false)
  /** The sign-in that was begun, of a new account or of `again`; out of sight it goes on until it is shown again. */
  signIn = $state.raw<{ again: AccountRow | null } | null>(null)
  isSignInShown = $state(false)

  /** Opens a conversation; with a message, that one is shown. */
  open(conversation: ConversationId, message: MessageId | null = null) {
    this.conversation = conversation
    this.target = message === null ? null : { message }
    // Whoever only looks does not write; a wish from before led nowhere.
    this.isFocusWanted = false
    if (this.route === 'settings') this.route = 'inbox'
  }

  close() {
    this.conversation = null
    this.target = null
    this.isFocusWanted = false
  }

  /** Leads to a message and on to the reply. */
  jump(conversation: ConversationId, message: MessageId | null) {
    closeLayers()
    this.open(conversation, message)
    this.focusComposer()
  }

  focusComposer() {
    this.isFocusWanted = true
  }

  show(view: InboxView, account: AccountId | null = null) {
    this.route = 'inbox'
    this.view = view
    this.account = account
  }

  showSettings(section: string | null = null) {
    this.route = 'settings'
    this.settingsPlace = section === null ? null : { section, account: null }
  }

  /** Leads to an account's entry in the settings. */
  showAccount(account: AccountId) {
    closeLayers()
    this.isFocusWanted = false
    this.route = 'settings'
    this.settingsPlace = { section: 'accounts', account }
  }

  /** The sign-in dialog. One that was set aside goes on where it was. */
  connect(again: AccountRow | null = null) {
    if (this.signIn === null || this.signIn.again?.id !== again?.id) this.signIn = { again }
    this.isSignInShown = true
  }

  setSignInAside() {
    this.isSignInShown = false
  }

  endSignIn() {
    this.signIn = null
    this.isSignInShown = false
  }

  /** As after a start: another profile is open. */
  reset() {
    this.route = 'inbox'
    this.view = 'all'
    this.account = null
    this.close()
    this.settingsPlace = null
    // The one that is seen led here; one that was set aside belongs to the last profile.
    if (!this.isSignInShown) this.signIn = null
  }
}

export const navigation = new Navigation()

import type { AccountId, ConversationId, InboxView, MessageId } from '@/api/generated'

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

  /** Opens a conversation; with a message, that one is shown. */
  open(conversation: ConversationId, message: MessageId | null = null) {
    this.conversation = conversation
    this.target = message === null ? null : { message }
    if (this.route === 'settings') this.route = 'inbox'
  }

  /** Leads to a message and on to the reply. */
  jump(conversation: ConversationId, message: MessageId | null) {
    this.isHelpOpen = false
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
    this.isHelpOpen = false
    this.route = 'settings'
    this.settingsPlace = { section: 'accounts', account }
  }

  /** As after a start: another profile is open. */
  reset() {
    this.route = 'inbox'
    this.view = 'all'
    this.account = null
    this.conversation = null
    this.target = null
    this.settingsPlace = null
  }
}

export const navigation = new Navigation()

import Mail from '@lucide/svelte/icons/mail'
import MailOpen from '@lucide/svelte/icons/mail-open'
import Reply from '@lucide/svelte/icons/reply'
import type { ConversationId } from '@/api/generated'
import { command } from '@/api/query.svelte'
import type { Key } from '@/i18n/index.svelte'

/** What an action needs to know of a conversation: a row of the list and an open conversation both have it. */
export interface Subject {
  id: ConversationId
  unreadCount: number
  isMarkedUnread: boolean
}

/** What only the shell can do. */
export interface Reach {
  answer: (conversation: ConversationId) => void
}

export interface InboxAction {
  id: string
  label: Key
  icon: typeof Reply
  keys: string[]
  /** Whether it makes sense now. */
  when: (subject: Subject) => boolean
  run: (subject: Subject, reach: Reach) => Promise<unknown>
  /** Also a button in the head of the conversation. */
  isInToolbar: boolean
}

const isUnread = (subject: Subject) => subject.unreadCount > 0 || subject.isMarkedUnread

/** Every action on a conversation: toolbar, context menu, keys and the overview of keys derive from this list. */
export const ACTIONS: readonly InboxAction[] = [
  {
    id: 'answer',
    label: 'inbox.action.answer',
    icon: Reply,
    keys: ['r', 'Enter'],
    when: () => true,
    run: (subject, reach) => Promise.resolve(reach.answer(subject.id)),
    isInToolbar: false,
  },
  {
    id: 'mark_read',
    label: 'inbox.action.mark_read',
    icon: MailOpen,
    keys: ['u'],
    when: isUnread,
    run: (subject) => command('inbox_act', { kind: 'mark_read', conversation: subject.id }),
    isInToolbar: true,
  },
  {
    id: 'mark_unread',
    label: 'inbox.action.mark_unread',
    icon: Mail,
    keys: ['u'],
    when: (subject) => !isUnread(subject),
    run: (subject) => command('inbox_act', { kind: 'mark_unread', conversation: subject.id }),
    isInToolbar: true,
  },
]

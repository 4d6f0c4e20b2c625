import type { ConversationId, InboxRow } from '@/api/generated'
import { registerKeys } from '@/lib/keyboard'
import { ACTIONS, type InboxAction } from './actions'

interface Reach {
  rows: () => readonly InboxRow[]
  cursor: () => ConversationId | null
  current: () => InboxRow | undefined
  isOpen: () => boolean
  moveTo: (row: InboxRow | undefined, isRepeated: boolean) => void
  close: () => void
  openNextUnread: () => void
  openMenu: () => void
  run: (action: InboxAction, row: InboxRow) => void
}

/** The keys of the list, for as long as it is there. */
export function followInboxKeys(reach: Reach) {
  const step = (by: 1 | -1) => (event: KeyboardEvent) => {
    const rows = reach.rows()
    const index = rows.findIndex((row) => row.id === reach.cursor())
    const next = index < 0 ? (by > 0 ? 0 : rows.length - 1) : index + by
    reach.moveTo(rows[Math.min(rows.length - 1, Math.max(0, next))], event.repeat)
  }
  $effect(() =>
    registerKeys([
      { keys: ['j', 'ArrowDown'], label: 'inbox.key.next', group: 'inbox', run: step(1) },
      { keys: ['k', 'ArrowUp'], label: 'inbox.key.previous', group: 'inbox', run: step(-1) },
      { keys: ['n'], label: 'inbox.key.nextUnread', group: 'inbox', run: () => reach.openNextUnread() },
      { keys: ['Shift+F10', 'ContextMenu'], label: 'inbox.key.menu', group: 'inbox', when: () => reach.current() !== undefined, run: () => reach.openMenu() },
      { keys: ['Escape'], label: 'inbox.key.close', group: 'inbox', when: () => reach.isOpen(), run: () => reach.close() },
      ...ACTIONS.map((action) => ({
        keys: action.keys,
        label: action.label,
        group: 'inbox' as const,
        when: () => {
          const row = reach.current()
          return row !== undefined && action.when(row)
        },
        run: () => {
          const row = reach.current()
          if (row) reach.run(action, row)
        },
      })),
    ]),
  )
}

import type { AccountStatus } from '@/api/generated'
import { since } from '@/i18n/format'
import { t } from '@/i18n/index.svelte'

/** How an account is, as a colour and always also as words. */
export function health(status: AccountStatus, now: number): { tone: 'fine' | 'busy' | 'waiting' | 'overdue'; words: string } {
  switch (status.kind) {
    case 'live':
      return { tone: 'fine', words: t('inbox.health.live') }
    case 'importing':
      return { tone: 'busy', words: t('inbox.health.importing') }
    case 'offline':
      return { tone: 'waiting', words: t(`inbox.health.${status.barrier ?? 'offline'}`, { time: since(status.since, now) }) }
    case 'unreadable':
      return { tone: 'waiting', words: t('inbox.health.unreadable', { time: since(status.since, now) }) }
    case 'throttled':
      return { tone: 'waiting', words: t('inbox.health.throttled', { time: since(status.until, now) }) }
    case 'sign_in_again':
      return { tone: 'overdue', words: t('inbox.health.sign_in_again') }
    case 'refused':
      return { tone: 'overdue', words: t('inbox.health.refused') }
  }
}

import type { AccountStatus } from '@/api/generated'
import { clockTime } from '@/i18n/format'
import { t } from '@/i18n/index.svelte'

/** How an account is, as a colour and always also as words. */
export function health(status: AccountStatus): { tone: 'fine' | 'busy' | 'waiting' | 'overdue'; words: string } {
  switch (status.kind) {
    case 'live':
      return { tone: 'fine', words: t('inbox.health.live') }
    case 'importing':
      return { tone: 'busy', words: t('inbox.health.importing') }
    case 'offline':
      return { tone: 'waiting', words: t(`inbox.health.${status.barrier ?? 'offline'}`, { time: clockTime(status.since) }) }
    case 'unreadable':
      return { tone: 'waiting', words: t('inbox.health.unreadable', { time: clockTime(status.since) }) }
    case 'throttled':
      return { tone: 'waiting', words: t('inbox.health.throttled', { time: clockTime(status.until) }) }
    case 'sign_in_again':
      return { tone: 'overdue', words: t('inbox.health.sign_in_again') }
    case 'refused':
      return { tone: 'overdue', words: t('inbox.health.refused') }
  }
}

import type { AccountRow, AccountStatus } from '@/api/generated'
import { clockTime } from '@/i18n/format'
import { t } from '@/i18n/index.svelte'

export type Tone = 'fine' | 'busy' | 'waiting' | 'overdue'

export const TONES: Record<AccountStatus['kind'], Tone> = {
  live: 'fine',
  importing: 'busy',
  offline: 'waiting',
  unreadable: 'waiting',
  throttled: 'waiting',
  sign_in_again: 'overdue',
  refused: 'overdue',
}

/** How an account is doing and what that means for the person. */
export function statusWords(status: AccountStatus, platform: string): string {
  switch (status.kind) {
    case 'live':
      return t('accounts.status.live')
    case 'importing':
      return t('accounts.status.importing')
    case 'offline':
      return t(`accounts.status.${status.barrier ?? 'offline'}`, { platform, time: clockTime(status.since) })
    case 'unreadable':
      return t('accounts.status.unreadable', { platform, time: clockTime(status.since) })
    case 'throttled':
      return t('accounts.status.throttled', { platform, time: clockTime(status.until) })
    case 'sign_in_again':
      return t('accounts.status.sign_in_again', { platform })
    case 'refused':
      return t('accounts.status.refused', { platform })
  }
}

/** Only a person can put these right. */
export function needsPerson(account: AccountRow): boolean {
  return account.status.kind === 'sign_in_again' || account.status.kind === 'refused'
}

import type { AccountRow, AccountStatus } from '@/api/generated'
import { longDate, moment, since } from '@/i18n/format'
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
export function statusWords(status: AccountStatus, platform: string, now: number): string {
  switch (status.kind) {
    case 'live':
      return t('accounts.status.live')
    case 'importing':
      return t('accounts.status.importing')
    case 'offline':
      return t(`accounts.status.${status.barrier ?? 'offline'}`, { platform, time: since(status.since, now) })
    case 'unreadable':
      return t('accounts.status.unreadable', { platform, time: since(status.since, now) })
    case 'throttled':
      return t('accounts.status.throttled', { platform, time: since(status.until, now) })
    case 'sign_in_again':
      return t('accounts.status.sign_in_again', { platform })
    case 'refused':
      return t('accounts.status.refused', { platform })
  }
}

/** When a sign-in ends, where that is near enough to be said; a sign-in that is over says so itself. */
export function endingAt(account: AccountRow, now: number): number | null {
  const { signInEndsAt: at, signInWarnsFrom: from, status } = account
  return at !== null && from !== null && now >= from && status.kind !== 'sign_in_again' ? at : null
}

/** The day of an end in a sentence; with the time of day when that is what counts. */
export function endDate(at: number, now: number): string {
  return Math.abs(at - now) < 86_400_000 ? moment(at) : longDate(at)
}

/** Only a person can put these right. */
export function needsPerson(account: AccountRow): boolean {
  return account.status.kind === 'sign_in_again' || account.status.kind === 'refused'
}

import type { CallError } from '@/api/error'
import type { LoginFieldView } from '@/api/generated'
import { tNamed } from '@/i18n/index.svelte'

/** A failed step as a sentence: the platform's, the profile's, or the call's own. */
export function failureWords(failure: CallError): string {
  if (failure.login) return tNamed(`login.problem.${failure.login}`)
  if (failure.problem) return tNamed(`profile.problem.${failure.problem}`)
  return tNamed(`error.${failure.code}`)
}

const SECRETS = new Set(['wrong_password', 'token_invalid', 'wrong_app'])
const ADDRESSES = new Set(['bad_address', 'not_this_platform', 'page_at_address', 'unreachable', 'method_not_offered'])

/** The field that a failure is about, so that its sentence stands below it; null if it is about all of them. */
export function fieldAtFault(failure: CallError, fields: readonly LoginFieldView[]): string | null {
  const problem = failure.login
  if (!problem) return null
  const kind = SECRETS.has(problem) ? 'secret' : ADDRESSES.has(problem) ? 'url' : null
  return fields.find((field) => field.kind === kind)?.name ?? null
}

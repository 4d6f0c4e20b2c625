import type { CallError } from '@/api/error'
import { command } from '@/api/query.svelte'
import { toasts } from '@/design/toasts.svelte'

/** What is being done to the profile, so that nobody asks for it twice. */
class ProfileSteps {
  isEntering = $state(false)
  isLeaving = $state(false)
}

export const profile = new ProfileSteps()

/** Into the sandbox. What is open now is closed before, and opened again afterwards. */
export async function enterSandbox() {
  if (profile.isEntering) return
  profile.isEntering = true
  await command('sandbox_enter', {}).catch((error: CallError) => toasts.problem(error))
  profile.isEntering = false
}

/** Out of it, without a question: nothing in it is anybody's. */
export async function leaveSandbox() {
  if (profile.isLeaving) return
  profile.isLeaving = true
  await command('sandbox_leave', {}).catch((error: CallError) => toasts.problem(error))
  profile.isLeaving = false
}

import type { CallError } from '@/api/error'
import { command } from '@/api/query.svelte'
import { toasts } from '@/design/toasts.svelte'
import { t } from '@/i18n/index.svelte'

/** What is being done to the profile, so that nobody asks for it twice. */
class ProfileSteps {
  isEntering = $state(false)
  isLeaving = $state(false)
  isRestoring = $state(false)
  isExporting = $state(false)
  isBeginningAnew = $state(false)
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

/** Back to the copy. The damaged file is kept; what was not delivered asks before it is sent. */
export async function restoreProfile() {
  if (profile.isRestoring) return
  profile.isRestoring = true
  const status = await command('profile_restore', {}).catch((error: CallError) => void toasts.problem(error))
  if (status) toasts.show({ text: t(status.state === 'open' ? 'restore.done' : 'restore.failed') })
  profile.isRestoring = false
}

/** A copy of a profile that a newer Kontor has written, as it is. */
export async function exportProfile() {
  if (profile.isExporting) return
  profile.isExporting = true
  const saved = await command('profile_export', {}).catch((error: CallError) => void toasts.problem(error))
  if (saved) toasts.show({ text: t('newer.saved', { name: saved.fileName }) })
  profile.isExporting = false
}

/** A new profile in place of one that cannot be opened, which is set aside as it is. Whether that came to pass. */
export async function beginAnew(): Promise<boolean> {
  if (profile.isBeginningAnew) return false
  profile.isBeginningAnew = true
  const aside = await command('profile_begin_anew', {}).catch((error: CallError) => void toasts.problem(error))
  if (aside) toasts.show({ text: t('anew.done', { folder: aside.folder }) })
  profile.isBeginningAnew = false
  return aside !== undefined
}

/** It was read, and is not said again. */
export async function noteFolderSeen() {
  await command('profile_folder_seen', {}).catch((error: CallError) => toasts.problem(error))
}

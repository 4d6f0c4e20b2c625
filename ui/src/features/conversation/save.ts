import type { CallError } from '@/api/error'
import type { AttachmentId } from '@/api/generated'
import { command } from '@/api/query.svelte'
import { toasts } from '@/design/toasts.svelte'
import { t } from '@/i18n/index.svelte'

/** Saves a file to the downloads folder and says where it went. */
export async function saveAttachment(attachment: AttachmentId) {
  try {
    const { fileName } = await command('attachment_save', { attachment })
    toasts.show({ text: t('conversation.saved', { name: fileName }) })
  } catch (thrown) {
    toasts.problem(thrown as CallError)
  }
}

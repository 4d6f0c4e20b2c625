import type { InboxPreview } from '@/api/generated'
import { t } from '@/i18n/index.svelte'

/** The second line of a row, in words. */
export function previewText(preview: InboxPreview | null): string {
  if (!preview) return ''
  return who(preview) + what(preview)
}

function who(preview: InboxPreview) {
  if (preview.direction === 'out') return t('inbox.preview.you')
  return preview.author ? `${preview.author}: ` : ''
}

function what(preview: InboxPreview) {
  if (preview.isDeleted) return t('inbox.preview.deleted')
  if (preview.isUnreadable) return t('inbox.preview.unreadable')
  if (preview.text) return preview.text.replaceAll(/\s+/g, ' ')
  return preview.attachment ? t(`inbox.preview.${preview.attachment}`) : ''
}

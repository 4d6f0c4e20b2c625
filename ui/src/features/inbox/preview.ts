import type { InboxRow } from '@/api/generated'
import { t } from '@/i18n/index.svelte'

/** The second line of a row, in words. */
export function previewText({ kind, preview }: Pick<InboxRow, 'kind' | 'preview'>): string {
  if (!preview) return kind === 'request' ? t('inbox.preview.request') : ''
  return who(preview, kind === 'group') + what(preview)
}

type Preview = NonNullable<InboxRow['preview']>

function who(preview: Preview, isGroup: boolean) {
  if (preview.direction === 'out') return t('inbox.preview.you')
  return isGroup && preview.author ? `${preview.author}: ` : ''
}

function what(preview: Preview) {
  if (preview.isDeleted) return t('inbox.preview.deleted')
  if (preview.isUnreadable) return t('inbox.preview.unreadable')
  if (preview.text) return preview.text.replaceAll(/\s+/g, ' ')
  return preview.attachment ? t(`inbox.preview.${preview.attachment}`) : ''
}

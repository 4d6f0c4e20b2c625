import type { ConversationId, DraftFile } from '@/api/generated'
import { command } from '@/api/query.svelte'

/** Divisible by three, so that pieces of base64 join without filling; below 180 KiB when encoded. */
const PIECE_BYTES = 132 * 1024

/** Hands a file to the core in pieces. Rejects with a `CallError`; a file the platform does not take is refused before the first. */
export async function upload(
  conversation: ConversationId,
  file: File,
  onprogress: (share: number) => void,
): Promise<DraftFile> {
  const begun = await command('file_begin', { conversation, name: file.name, sizeBytes: file.size, mime: file.type })
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer())
    await command('file_append', { upload: begun.upload, base64: toBase64(piece) })
    onprogress(Math.min(1, (start + PIECE_BYTES) / file.size))
  }
  return command('file_finish', { upload: begun.upload })
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // In steps: an argument list has an end.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return btoa(binary)
}

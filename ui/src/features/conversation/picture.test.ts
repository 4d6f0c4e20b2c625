import { cleanup, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it, vi } from 'vitest'
import type { AttachmentView } from '@/api/generated'
import { setHost } from '@/host/host'
import Lightbox from './Lightbox.svelte'
import Picture from './Picture.svelte'

setHost({ isDesktop: false, mediaUrl: (media, size) => `${media}-${size}`, onChanges: () => () => undefined, call: async () => ({}) })
const picture = (more: Partial<AttachmentView>) => ({ id: 1, kind: 'image', name: '', media: 'm1', width: 40, height: 30, link: null, sizeBytes: 9, mime: 'image/png', ...more }) as unknown as AttachmentView
afterEach(cleanup)

it('a picture without a name is called one, and one that is not here cannot be enlarged', () => {
  render(Picture, { attachment: picture({}), onopen: vi.fn() })
  expect(screen.getByRole('button').getAttribute('aria-label')).toBe('Show Picture larger')
  expect(screen.getByRole('img').getAttribute('alt')).toBe('Picture')
  cleanup()
  render(Picture, { attachment: picture({ media: null, name: 'shop.png' }), onopen: vi.fn() })
  expect((screen.getByRole('button') as HTMLButtonElement).disabled).toBe(true)
})

it('a large picture that does not come is waited for in words', async () => {
  render(Lightbox, { attachment: picture({ name: 'shop.png' }), onclose: vi.fn() })
  const image = await screen.findByRole('img')
  expect(image.getAttribute('src')).toBe('m1-full')
  image.dispatchEvent(new Event('error'))
  expect((await screen.findByRole('status')).textContent).toContain('Loading')
})

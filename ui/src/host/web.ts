import type { Change, ChangeListener, Host } from './host'

const RECONNECT_MS = 1000

/** The core behind HTTP on this machine (`hub dev`). */
export function webHost(): Host {
  return {
    isDesktop: false,
    async call(name, args) {
      const answer = await fetch(`/call/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(args),
      })
      const body: unknown = await answer.json()
      if (!answer.ok) throw body
      // There is no system behind a page that could open it: a tab of this browser is.
      if (name === 'link_open') window.open((args as { url: string }).url, '_blank', 'noopener')
      return body
    },
    onChanges: listenTo,
    mediaUrl: (media, variant = 'full') => `/media/${encodeURIComponent(media)}?variant=${variant}`,
  }
}

function listenTo(listener: ChangeListener) {
  let isStopped = false
  let socket: WebSocket
  let timer: ReturnType<typeof setTimeout>
  const connect = () => {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/changes`)
    // Whatever happened before this moment was not heard, the first time too.
    socket.onopen = () => listener('missed')
    socket.onmessage = (event: MessageEvent<string>) => listener(JSON.parse(event.data) as Change)
    socket.onclose = () => {
      if (!isStopped) timer = setTimeout(connect, RECONNECT_MS)
    }
  }
  connect()
  return () => {
    isStopped = true
    clearTimeout(timer)
    socket.close()
  }
}

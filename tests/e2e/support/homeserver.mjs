// A Matrix server with one customer in one room and nothing new ever: enough for a real, kept profile without a real server.
import { createServer } from 'node:http'
import { atEnd } from './hub.mjs'

const ME = '@brand:localhost'
const CUSTOMER = '@anna:localhost'
const sentAt = Date.UTC(2026, 9, 12, 14, 5)

const event = (type, sender, content, state) => ({
  type, sender, content, event_id: `$${type}-${sender}`, origin_server_ts: sentAt, ...(state === undefined ? {} : { state_key: state }),
})
const member = (user, name) => event('m.room.member', user, { membership: 'join', displayname: name }, user)
const room = {
  state: { events: [event('m.room.create', CUSTOMER, { room_version: '12' }, ''), member(CUSTOMER, 'Anna Müller'), member(ME, 'Acme')] },
  timeline: { events: [event('m.room.message', CUSTOMER, { msgtype: 'm.text', body: 'Is the blue one still there?' })], limited: false, prev_batch: 'p0' },
}

function answer(method, path, query) {
  if (path === '/_matrix/client/versions') return { versions: ['v1.11'] }
  if (path === '/_matrix/client/v3/login' && method === 'GET') return { flows: [{ type: 'm.login.password' }] }
  if (path === '/_matrix/client/v3/login') return { user_id: ME, access_token: 'of-no-worth', device_id: 'DEVICE' }
  if (path.endsWith('/messages')) return { chunk: [], start: 'p0' }
  if (path.endsWith('/state')) return room.state.events
  if (path === '/_matrix/client/v3/sync') return { next_batch: 's1', ...(query.has('since') ? {} : { rooms: { join: { '!one:localhost': room } } }) }
  return null
}

/** Listens until the test ends; gives what a person would type to sign in. */
export async function homeserver(test) {
  const waiting = new Set()
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    const found = answer(request.method, pathname, searchParams)
    const end = () => {
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(found ?? { errcode: 'M_NOT_FOUND', error: 'nothing there' }))
    }
    if (!searchParams.has('since')) return end()
    // A long poll: as long as the asker wants, or until it goes.
    const timer = setTimeout(end, Number(searchParams.get('timeout')))
    waiting.add(timer)
    request.socket.once('close', () => clearTimeout(timer))
    return undefined
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  atEnd(test, () => {
    for (const timer of waiting) clearTimeout(timer)
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return { user: ME, password: 'whatever', server: `http://127.0.0.1:${server.address().port}` }
}

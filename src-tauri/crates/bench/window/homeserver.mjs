// A Matrix server that holds a corpus: as much of one as Kontor asks for to sign in, to read everything once and to be
// told of a message the moment somebody writes it.
import { createServer } from 'node:http';
import { now_ms } from './clock.mjs';

const HOST = 'localhost';
const VERSIONS = { versions: ['v1.11'] };
const FLOWS = { flows: [{ type: 'm.login.password' }] };
// A server that has nothing to say answers a long poll after so long, whatever it was asked.
const POLL_MS = 30_000;

export const password = 'loopback only';
export const userOf = (account) => `@brand${account}:${HOST}`;

export class Homeserver {
  #accounts = new Map();
  #written = 0;

  /** Serves the lines of a corpus on a free port of this machine. */
  static async start(lines) {
    const homeserver = new Homeserver();
    for (const line of lines) homeserver.#keep(line);
    homeserver.server = createServer((request, response) => homeserver.#answer(request, response));
    homeserver.server.keepAliveTimeout = 120_000;
    await new Promise((resolve) => homeserver.server.listen(0, '127.0.0.1', resolve));
    homeserver.url = `http://127.0.0.1:${homeserver.server.address().port}`;
    return homeserver;
  }

  get accounts() {
    return [...this.#accounts.keys()].sort((one, other) => one - other);
  }

  /** The customers' names by conversation, those with the newest messages first: as the inbox shows them. */
  newest(count) {
    const rooms = [...this.#accounts.values()].flatMap((account) => [...account.rooms.values()]);
    const at = (room) => room.events.at(-1).origin_server_ts;
    return rooms.sort((one, other) => at(other) - at(one)).slice(0, count);
  }

  #keep(line) {
    let account = this.#accounts.get(line.account);
    if (!account) this.#accounts.set(line.account, (account = { id: line.account, rooms: new Map(), news: [], polls: new Set() }));
    let room = account.rooms.get(line.conv);
    if (!room) {
      const [id, customer] = [`!${line.conv}:${HOST}`, `@${line.conv}:${HOST}`];
      account.rooms.set(line.conv, (room = { id, customer, name: `Customer ${line.conv}`, account: line.account, events: [] }));
    }
    room.events.push(message(room, line.in ? room.customer : userOf(line.account), `$${line.id}`, line.ts, line.text));
  }

  /** A customer writes: hands it to whoever polls. Answers when the bytes left. */
  write(room, text) {
    const account = this.#accounts.get(room.account);
    const event = message(room, room.customer, `$written-${++this.#written}`, Date.now(), text);
    room.events.push(event);
    account.news.push({ room: room.id, event });
    const at_ms = now_ms();
    const polls = account.polls.size;
    for (const poll of [...account.polls]) poll();
    if (polls === 0) throw new Error('nobody is polling');
    return at_ms;
  }

  /** Do all accounts wait for news? */
  get isPolled() {
    return [...this.#accounts.values()].every((account) => account.polls.size > 0);
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    const body = await read(request);
    const tell = (value, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const path = decodeURIComponent(url.pathname).replace(/^\/_matrix\/client\/(v3\/)?/, '');
    const account = this.#accounts.get(Number(/^Bearer token-(\d+)$/.exec(request.headers.authorization ?? '')?.[1]));
    if (path === 'versions') return tell(VERSIONS);
    if (path === 'login' && request.method === 'GET') return tell(FLOWS);
    if (path === 'login') return tell(signIn(JSON.parse(body)));
    if (path === 'sync' && account) return this.#sync(account, url.searchParams.get('since'), response, tell);
    const profile = /^profile\/@brand(\d+):/.exec(path);
    if (profile) return tell({ displayname: `Brand ${profile[1]}` });
    const room = [...(account?.rooms.values() ?? [])].find((room) => path.startsWith(`rooms/${room.id}/`));
    if (room && path.endsWith('/state')) return tell(state(room));
    if (request.method !== 'GET' && (path.endsWith('/read_markers') || path === 'logout')) return tell({});
    return tell({ errcode: 'M_NOT_FOUND' }, 404);
  }

  #sync(account, since, response, tell) {
    if (since === null) {
      const join = Object.fromEntries([...account.rooms.values()].map((room) => [room.id, whole(room)]));
      return tell({ next_batch: `s${account.news.length}`, rooms: { join } });
    }
    const from = Number(since.slice(1));
    const done = () => {
      account.polls.delete(done);
      clearTimeout(patience);
      const join = {};
      for (const { room, event } of account.news.slice(from)) {
        (join[room] ??= { timeline: { events: [], limited: false } }).timeline.events.push(event);
      }
      tell({ next_batch: `s${account.news.length}`, rooms: { join } });
    };
    const patience = setTimeout(done, POLL_MS);
    account.polls.add(done);
    response.once('close', () => {
      clearTimeout(patience);
      account.polls.delete(done);
    });
    if (from < account.news.length) done();
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

function signIn({ identifier }) {
  const account = /^@?brand(\d+)/.exec(identifier.user)[1];
  return { user_id: userOf(account), access_token: `token-${account}`, device_id: `BENCH${account}` };
}

function message(room, sender, id, at, body) {
  return { type: 'm.room.message', event_id: id, sender, origin_server_ts: at, room_id: room.id, content: { msgtype: 'm.text', body } };
}

/** The state of a room: made, the brand and its customer in it. */
function state(room) {
  const brand = userOf(room.account);
  const at = room.events[0].origin_server_ts - 2000;
  const event = (type, key, sender, content) => ({
    type, state_key: key, sender, content, event_id: `$${type}-${key}-${room.id}`, origin_server_ts: at, room_id: room.id,
  });
  return [
    event('m.room.create', '', room.customer, { room_version: '11' }),
    event('m.room.member', room.customer, room.customer, { membership: 'join', displayname: room.name }),
    event('m.room.member', brand, brand, { membership: 'join', displayname: `Brand ${room.account}` }),
  ];
}

function whole(room) {
  return { state: { events: state(room) }, timeline: { events: room.events, limited: false } };
}

async function read(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

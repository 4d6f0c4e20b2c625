// A real Matrix server: Synapse from PyPI, installed once per user and version, one fresh server per test file.
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run, start, stop } from './process.mjs';
import { until } from './wait.mjs';

const VERSION = '1.163.2';
const SERVER = 'localhost';

/** The interpreter that has Synapse. Throws when PyPI cannot be reached; the caller skips with that reason. */
async function install() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kontor');
  const venv = join(cache, `synapse-${VERSION}`);
  const python = join(venv, 'bin/python');
  if (existsSync(join(venv, 'complete'))) return python;
  // A virtual environment cannot be moved, so it is made in place and marked when it is whole.
  mkdirSync(cache, { recursive: true });
  rmSync(venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', venv]);
  await run(python, ['-m', 'pip', 'install', '--quiet', `matrix-synapse==${VERSION}`], { seconds: 600 });
  writeFileSync(join(venv, 'complete'), '');
  return python;
}

/** What Synapse is told: loopback only, nobody else's server, no limits, no mail, no reports home. */
function configuration(folder, port, secrets) {
  const free = { per_second: 1e6, burst_count: 1e6 };
  return {
    server_name: SERVER,
    public_baseurl: `http://127.0.0.1:${port}/`,
    pid_file: join(folder, 'pid'),
    listeners: [{ port, type: 'http', bind_addresses: ['127.0.0.1'], resources: [{ names: ['client'] }] }],
    database: { name: 'sqlite3', args: { database: join(folder, 'server.db') } },
    media_store_path: join(folder, 'media'),
    signing_key_path: join(folder, 'signing.key'),
    log_config: join(folder, 'log.json'),
    app_service_config_files: [join(folder, 'customers.json')],
    registration_shared_secret: secrets.registration,
    macaroon_secret_key: secrets.macaroon,
    form_secret: secrets.form,
    report_stats: false,
    trusted_key_servers: [],
    federation_domain_whitelist: [],
    bcrypt_rounds: 4,
    rc_message: free,
    rc_registration: free,
    rc_login: { address: free, account: free, failed_attempts: free },
    rc_joins: { local: free, remote: free },
    rc_invites: { per_room: free, per_user: free, per_issuer: free },
    rc_room_creation: free,
  };
}

/** An application service that may act as any user here: the customers need no passwords. */
function customers(token) {
  return {
    id: 'customers',
    url: null,
    as_token: token,
    hs_token: randomBytes(16).toString('hex'),
    sender_localpart: 'everyone',
    rate_limited: false,
    namespaces: { users: [{ exclusive: false, regex: `@.*:${SERVER}` }], rooms: [], aliases: [] },
  };
}

const LOGGING = {
  version: 1,
  handlers: { console: { class: 'logging.StreamHandler' } },
  root: { level: 'WARNING', handlers: ['console'] },
  disable_existing_loggers: false,
};

export class Synapse {
  /** Installs if needed, configures afresh on a free port and starts. */
  static async start(logs) {
    const server = new Synapse();
    server.python = await install();
    server.logs = logs;
    server.folder = mkdtempSync(join(tmpdir(), 'kontor-synapse-'));
    server.token = randomBytes(24).toString('hex');
    const port = await freePort();
    server.url = `http://127.0.0.1:${port}`;
    const secret = () => randomBytes(24).toString('hex');
    server.secrets = { registration: secret(), macaroon: secret(), form: secret() };
    // JSON is YAML.
    const write = (name, content) => writeFileSync(join(server.folder, name), JSON.stringify(content));
    write('server.yaml', configuration(server.folder, port, server.secrets));
    write('customers.json', customers(server.token));
    write('log.json', LOGGING);
    await server.#module(['--generate-keys']);
    await server.resume();
    return server;
  }

  #module(args) {
    return run(this.python, ['-m', 'synapse.app.homeserver', '-c', join(this.folder, 'server.yaml'), ...args]);
  }

  /** Starts the server again after `pause`, on the same port with the same data. */
  async resume() {
    const args = ['-m', 'synapse.app.homeserver', '-c', join(this.folder, 'server.yaml')];
    this.process = start(this.python, args, { env: process.env, logs: this.logs, name: 'synapse' });
    await until('Synapse answers', async () => {
      if (this.process.exitCode !== null) throw new Error(`Synapse ended; see ${this.logs}/synapse.log`);
      return (await fetch(`${this.url}/_matrix/client/versions`)).ok;
    }, { seconds: 90, every_ms: 150 });
  }

  /** The server is gone, its data stays. */
  async pause() {
    await stop(this.process);
  }

  async remove() {
    await this.pause();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An account with a password: what a brand signs in with. Answers its Matrix id. */
  async createAccount(name, password) {
    const { nonce } = await this.call('GET', '/_synapse/admin/v1/register');
    const mac = createHmac('sha1', this.secrets.registration)
      .update([nonce, name, password, 'notadmin'].join('\0'))
      .digest('hex');
    const account = { nonce, username: name, password, admin: false, mac };
    return (await this.call('POST', '/_synapse/admin/v1/register', account)).user_id;
  }

  /** Somebody who writes to the brand, acted by the application service. */
  async createCustomer(name, displayName) {
    await this.call('POST', '/_matrix/client/v3/register', { type: 'm.login.application_service', username: name });
    const customer = new Customer(this, `@${name}:${SERVER}`);
    await customer.call('PUT', `/_matrix/client/v3/profile/${encodeURIComponent(customer.id)}/displayname`, {
      displayname: displayName,
    });
    return customer;
  }

  /** One request; anything but success is an error with the server's own words. */
  async call(method, path, body, token = this.token) {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}

class Customer {
  #sent = 0;

  constructor(server, id) {
    Object.assign(this, { server, id });
  }

  call(method, path, body) {
    const separator = path.includes('?') ? '&' : '?';
    return this.server.call(method, `${path}${separator}user_id=${encodeURIComponent(this.id)}`, body);
  }

  /** Opens a direct room with somebody; answers the room's id. */
  async openRoom(withId) {
    const wish = { invite: [withId], is_direct: true, preset: 'trusted_private_chat' };
    return (await this.call('POST', '/_matrix/client/v3/createRoom', wish)).room_id;
  }

  /** Writes a text, dated `at` (ms) if given; answers the event's id. */
  async write(room, body, { at } = {}) {
    const dated = at === undefined ? '' : `?ts=${at}`;
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${process.pid}-${++this.#sent}${dated}`;
    return (await this.call('PUT', path, { msgtype: 'm.text', body })).event_id;
  }

  /** Who is in the room, as the server knows it: `join`, `invite` or `leave` by Matrix id. */
  async members(room) {
    const { chunk } = await this.call('GET', `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/members`);
    return Object.fromEntries(chunk.map((event) => [event.state_key, event.content.membership]));
  }

  /** All messages of the room as the server holds them, oldest first. */
  async messages(room) {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=500`;
    const { chunk } = await this.call('GET', path);
    return chunk.filter((event) => event.type === 'm.room.message').reverse();
  }
}

// The desktop's settings as programs ask for them: `org.freedesktop.portal.Settings` with the one setting that matters
// here, on a connection of our own to the session bus. Written from the D-Bus specification.
import { connect } from 'node:net';

const NAME = 'org.freedesktop.portal.Desktop';
const PATH = '/org/freedesktop/portal/desktop';
const SETTINGS = 'org.freedesktop.portal.Settings';
const SCHEME = ['org.freedesktop.appearance', 'color-scheme'];
const BUS = { path: '/org/freedesktop/DBus', destination: 'org.freedesktop.DBus', interface: 'org.freedesktop.DBus' };
const [CALL, RETURN, ERROR, SIGNAL] = [1, 2, 3, 4];
/** Header fields by number: name and type. */
const FIELDS = { 1: ['path', 'o'], 2: ['interface', 's'], 3: ['member', 's'], 4: ['error', 's'], 5: ['replyTo', 'u'], 6: ['destination', 's'], 7: ['sender', 's'], 8: ['signature', 'g'] };

export const PREFERS_DARK = 1;
export const PREFERS_LIGHT = 2;

export class Portal {
  #serial = 0;
  #read = Buffer.alloc(0);
  #awaited = new Map();

  /** Answers from now on; `scheme` is what the desktop prefers. */
  static async open(desktop, scheme) {
    const portal = new Portal();
    portal.scheme = scheme;
    const [, kind, place] = /^unix:(path|abstract)=([^,]+)/.exec(desktop.env.DBUS_SESSION_BUS_ADDRESS);
    portal.socket = connect(kind === 'abstract' ? `\0${place}` : place);
    portal.socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid())).toString('hex')}\r\n`);
    await new Promise((resolve, reject) => {
      portal.socket.once('error', reject);
      portal.socket.once('data', (line) => (String(line).startsWith('OK') ? resolve() : reject(new Error(String(line)))));
    });
    portal.socket.write('BEGIN\r\n');
    portal.socket.on('data', (bytes) => portal.#take(bytes));
    await portal.#ask({ ...BUS, member: 'Hello' });
    await portal.#ask({ ...BUS, member: 'RequestName', signature: 'su' }, new Writer().text(NAME).number(0));
    return portal;
  }

  /** The person switches the desktop over. */
  prefer(scheme) {
    this.scheme = scheme;
    const body = new Writer().text(SCHEME[0]).text(SCHEME[1]).type('u').number(scheme);
    this.#send(SIGNAL, { path: PATH, interface: SETTINGS, member: 'SettingChanged', signature: 'ssv' }, body);
  }

  close() {
    this.socket.destroy();
  }

  #send(type, fields, body = new Writer()) {
    const message = new Writer().byte(0x6c).byte(type).byte(0).byte(1).number(body.bytes.length).number(++this.#serial);
    message.fields(Object.entries(FIELDS).flatMap(([code, [name, kind]]) => (fields[name] === undefined ? [] : [[Number(code), kind, fields[name]]])));
    this.socket.write(Buffer.from([...message.bytes, ...body.bytes]));
    return this.#serial;
  }

  #ask(fields, body) {
    return new Promise((resolve) => this.#awaited.set(this.#send(CALL, fields, body), resolve));
  }

  #take(bytes) {
    this.#read = Buffer.concat([this.#read, bytes]);
    while (this.#read.length >= 16) {
      const fieldsEnd = 16 + this.#read.readUInt32LE(12);
      const bodyAt = fieldsEnd + (-fieldsEnd & 7);
      const end = bodyAt + this.#read.readUInt32LE(4);
      if (this.#read.length < end) return;
      this.#hear(this.#read[1], this.#read.readUInt32LE(8), fieldsOf(this.#read, fieldsEnd), this.#read.subarray(bodyAt, end));
      this.#read = this.#read.subarray(end);
    }
  }

  #hear(type, serial, fields, body) {
    this.#awaited.get(fields.replyTo)?.();
    this.#awaited.delete(fields.replyTo);
    if (type !== CALL) return;
    const answer = { replyTo: serial, destination: fields.sender };
    if (fields.interface === SETTINGS && fields.member === 'Read' && SCHEME.every((word) => body.includes(word))) {
      this.#send(RETURN, { ...answer, signature: 'v' }, new Writer().type('v').type('u').number(this.scheme));
    } else {
      this.#send(ERROR, { ...answer, error: 'org.freedesktop.DBus.Error.UnknownMethod' });
    }
  }
}

/** What stands in a header up to `end`. */
function fieldsOf(message, end) {
  const fields = {};
  for (let at = 16; at < end; ) {
    at += -at & 7;
    const [name, kind] = FIELDS[message[at]] ?? [];
    at += 4; // The number, and the type: length, letter, zero.
    if (kind === 'u') {
      fields[name] = message.readUInt32LE(at);
      at += 4;
      continue;
    }
    const wide = kind === 'g' ? 1 : 4;
    const length = kind === 'g' ? message[at] : message.readUInt32LE(at);
    fields[name] = String(message.subarray(at + wide, at + wide + length));
    at += wide + length + 1;
  }
  return fields;
}

/** Values one behind the other, each where its type must stand. */
class Writer {
  bytes = [];

  byte(value) {
    this.bytes.push(value);
    return this;
  }

  align(width) {
    while (this.bytes.length % width) this.bytes.push(0);
    return this;
  }

  number(value) {
    return this.align(4).#raw([value, value >>> 8, value >>> 16, value >>> 24].map((byte) => byte & 0xff));
  }

  text(value) {
    return this.number(Buffer.byteLength(value)).#raw([...Buffer.from(value), 0]);
  }

  type(value) {
    return this.byte(value.length).#raw([...Buffer.from(value), 0]);
  }

  fields(list) {
    const lengthAt = this.number(0).bytes.length - 4;
    for (const [code, kind, value] of list) {
      this.align(8).byte(code).type(kind);
      if (kind === 'u') this.number(value);
      else if (kind === 'g') this.type(value);
      else this.text(value);
    }
    const length = Buffer.alloc(4);
    length.writeUInt32LE(this.bytes.length - lengthAt - 4);
    this.bytes.splice(lengthAt, 4, ...length);
    return this.align(8);
  }

  #raw(bytes) {
    this.bytes.push(...bytes);
    return this;
  }
}

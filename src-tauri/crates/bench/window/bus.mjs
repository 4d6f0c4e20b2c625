// Who says what on the session bus, and when: a monitor beside the notification daemon and Kontor.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const RULES = ["type='method_call',member='Notify'", "type='method_return'", "type='error'", "type='signal',member='ActionInvoked'"];

export class Bus {
  #seen = [];
  #waiting = new Set();

  static async start(desktop) {
    const bus = new Bus();
    // Line by line; its timestamps are the monitor's own, on the machine's real-time clock.
    const words = ['--pdeathsig', 'KILL', '--', 'stdbuf', '-oL', 'dbus-monitor', '--session', '--profile', ...RULES];
    bus.process = spawn('setpriv', words, { env: desktop.env, stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface({ input: bus.process.stdout }).on('line', (line) => bus.#take(line));
    // Its own name on the bus is the first thing it hears.
    await bus.next((entry) => entry.kind === 'sig', 0);
    return bus;
  }

  #take(line) {
    const [kind, at, serial, sender, destination, fifth, , member] = line.split('\t');
    if (!/^(mc|mr|err|sig)$/.test(kind)) return;
    const entry = { kind, at_ms: Number(at) * 1000, serial, sender, destination, member, answers: fifth };
    this.#seen.push(entry);
    for (const look of [...this.#waiting]) look();
  }

  /** How much has been heard so far: what comes next is looked for behind it. */
  get position() {
    return this.#seen.length;
  }

  /** The first message from `position` on that is so. */
  next(isIt, position, seconds = 20) {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error('nothing of the kind was said on the bus'));
      }, seconds * 1000);
      const look = () => {
        const found = this.#seen.slice(position).find(isIt);
        if (!found) return;
        clearTimeout(patience);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** The next notification from `position` on: when it was asked for and when the daemon's answer came. */
  async notified(position) {
    const call = await this.next((entry) => entry.kind === 'mc' && entry.member === 'Notify', position);
    const isAnswer = (entry) => /^(mr|err)$/.test(entry.kind) && entry.answers === call.serial && entry.destination === call.sender;
    const answer = await this.next(isAnswer, position);
    if (answer.kind === 'err') throw new Error('the daemon refused a notification');
    return { called_ms: call.at_ms, returned_ms: answer.at_ms };
  }

  /** When the daemon told of a click, from `position` on. */
  async clicked(position) {
    return (await this.next((entry) => entry.kind === 'sig' && entry.member === 'ActionInvoked', position)).at_ms;
  }

  close() {
    this.process.kill();
  }
}

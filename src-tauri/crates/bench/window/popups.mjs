// Popups of a program that does nothing else, on the same bus and screen: the floor below ours.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Popups {
  constructor(desktop, program) {
    this.process = spawn(program, ['popups'], { env: desktop.env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** Shows one and takes it away; how long the first of it took. */
  async show_ms() {
    this.process.stdin.write('Somebody\n');
    const { value, done } = await this.lines.next();
    if (done) throw new Error('no popup was shown');
    return Number(value);
  }

  close() {
    this.process.kill();
  }
}

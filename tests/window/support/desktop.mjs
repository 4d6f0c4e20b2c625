// A private desktop: screen, window manager, session bus, unlocked keychain, notification daemon. Nothing of the
// user's own session is touched, and two tests never meet.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, run, start, stop } from './process.mjs';
import { until } from './wait.mjs';

// A left click does what a person expects: it opens what the popup is about. (Dunst alone would only close it.)
const DUNST = `[global]
mouse_left_click = do_action, close_current
origin = top-right
offset = 24x24
width = (280, 380)
font = DejaVu Sans 11
history_length = 50
[urgency_low]
timeout = 0
[urgency_normal]
timeout = 0
[urgency_critical]
timeout = 0
`;

// What opens the keychain again once it is locked.
const KEYCHAIN_PASSWORD = 'open sesame';

export class Desktop {
  #programs = [];

  /** `logs` is a folder below target/window/; pictures land there too. */
  static async start(logs, { keychain = true } = {}) {
    const desktop = new Desktop();
    desktop.logs = logs;
    desktop.home = mkdtempSync(join(tmpdir(), 'kontor-desktop-'));
    const folder = (name) => {
      const path = join(desktop.home, name);
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return path;
    };
    desktop.env = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: desktop.home,
      XDG_RUNTIME_DIR: folder('run'),
      XDG_CONFIG_HOME: folder('.config'),
      XDG_DATA_HOME: folder('.local/share'),
      XDG_CACHE_HOME: folder('.cache'),
      XDG_SESSION_TYPE: 'x11',
      GDK_BACKEND: 'x11',
      // No assistive technology listens here; without this, GTK waits for its bus.
      NO_AT_BRIDGE: '1',
    };
    try {
      await desktop.#open(keychain);
    } catch (error) {
      await desktop.close();
      throw error;
    }
    return desktop;
  }

  async #open(keychain) {
    const screen = ['-displayfd', '3', '-screen', '0', '1280x820x24', '-nolisten', 'tcp', '-noreset'];
    this.env.DISPLAY = `:${await answer(this.#start('Xvfb', screen, { answers: true }))}`;
    const bus = this.#start('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=3'], { answers: true });
    this.env.DBUS_SESSION_BUS_ADDRESS = await answer(bus);
    const manager = join(this.home, 'openbox.xml');
    // At once, so that a picture shows the window and not its title on the way.
    writeFileSync(manager, readFileSync('/etc/xdg/openbox/rc.xml', 'utf8').replace(/(<animateIconify>)yes/, '$1no'));
    this.#start('openbox', ['--config-file', manager]);
    await until('the window manager runs', () => this.run('wmctrl', ['-m']));
    if (keychain) await this.startKeychain();
    const configuration = join(this.home, 'dunstrc');
    writeFileSync(configuration, DUNST);
    this.#start('dunst', ['-conf', configuration]);
    await until('the notification daemon runs', () => this.isOwned('org.freedesktop.Notifications'));
  }

  async startKeychain() {
    this.keychain = this.#start('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--foreground'], { input: KEYCHAIN_PASSWORD });
    await until('the keychain runs', () => this.isOwned('org.freedesktop.secrets'));
  }

  /** As after a login without a password: whoever asks for a secret starts the keychain, and it asks the person. */
  async lockKeychain() {
    await stop(this.keychain);
    await until('the keychain is closed', async () => !(await this.isOwned('org.freedesktop.secrets')));
  }

  /** The person answers the keychain's question. */
  async answerKeychain() {
    await this.run('xdotool', ['search', '--sync', '--onlyvisible', '--name', 'Unlock.*Keyring', 'windowactivate', '--sync']);
    await this.run('xdotool', ['type', '--delay', '20', KEYCHAIN_PASSWORD]);
    await this.run('xdotool', ['key', 'Return']);
    await until('the question is gone', async () => {
      const ids = await this.run('xdotool', ['search', '--onlyvisible', '--name', 'Unlock.*Keyring']).catch(() => '');
      return ids === '';
    });
  }

  #start(program, args, options) {
    const child = start(program, args, { env: this.env, logs: this.logs, ...options });
    this.#programs.push(child);
    return child;
  }

  /** Starts a program on this desktop; it ends with it. */
  start(program, args, options) {
    return this.#start(program, args, options);
  }

  /** Runs a program on this desktop to its end. */
  run(program, args) {
    return run(program, args, { env: this.env });
  }

  /** Does somebody on the session bus answer to this name? */
  async isOwned(name) {
    const args = ['call', '--session', '--dest=org.freedesktop.DBus', '--object-path=/org/freedesktop/DBus'];
    return (await this.run('gdbus', [...args, '--method=org.freedesktop.DBus.NameHasOwner', name])).includes('true');
  }

  /** A picture of the whole screen, for people. */
  async picture(name) {
    await this.run('import', ['-silent', '-window', 'root', join(this.logs, `${name}.png`)]);
  }

  async close() {
    for (const program of this.#programs.reverse()) await stop(program);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

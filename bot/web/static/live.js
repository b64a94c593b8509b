// The connection: it is made again whenever it breaks, and asks for what came
// since the last version that was seen.
import { current, follow } from './api.js';
import { PAGE } from './earlier.js';

const SILENCE = 45000; // three heartbeats
const SLOWEST = 30000;

// Live follows the session. on has the methods message, earlier, ready, typing,
// reset, lost (there is no such session any more) and state (connected or not).
export class Live {
  constructor(on) {
    this.on = on;
    this.version = 0;
    this.failures = 0;
    this.running = false;
    this.heard = Date.now();
    this.wake = () => {};
    setInterval(() => {
      // After sleep, or with a connection that died without a word.
      if (this.abort && Date.now() - this.heard > SILENCE) this.abort.abort();
    }, 5000);
    const again = () => {
      if (document.visibilityState === 'visible') this.wake();
    };
    for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, again);
    document.addEventListener('visibilitychange', again);
    window.addEventListener('offline', () => this.on.state(false));
  }

  start() {
    if (this.running) return;
    this.running = true;
    this.run();
  }

  async run() {
    let polling = false;
    while (this.running) {
      this.abort = new AbortController();
      this.heard = Date.now();
      let replaced = false;
      try {
        await follow(this.version, PAGE, polling, this.abort.signal, (event, data, id) => {
          replaced ||= event === 'end';
          this.take(event, data, id);
        }, () => { this.heard = Date.now(); });
        if (!replaced && !polling) this.failures++; // the server is going down
      } catch (e) {
        this.failures++;
        if (e.code === 'no_session') {
          this.running = false;
          this.on.lost();
          return;
        }
        this.on.state(false);
      }
      this.abort = null;
      polling ||= replaced;
      const visible = await this.pause(polling ? SLOWEST : Math.min(SLOWEST, 500 * 2 ** Math.min(this.failures, 6)));
      if (visible) polling = false;
    }
  }

  // pause waits and reports whether the person came to the page meanwhile.
  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms * (0.5 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  take(event, data, id) {
    if (event === 'reset') this.version = 0;
    if (event === 'ready') {
      this.failures = 0;
      this.on.state(true);
    }
    this.on[event]?.(data, id);
    if (event === 'message' && id > this.version) this.version = id;
  }
}

// known returns the session of this browser, trying until the server answers.
export async function known(on) {
  for (let n = 0; ; n++) {
    try {
      const session = await current();
      on.state(true);
      return session;
    } catch (e) {
      if (!e.temporary && e.name !== 'TimeoutError') return '';
      on.state(false);
      await new Promise((resolve) => { setTimeout(resolve, Math.min(SLOWEST, 1000 * 2 ** Math.min(n, 5))); });
    }
  }
}

// What the person sends: kept until the server says that it is stored, sent in
// order, again under the same id after whatever went wrong.
import { forget, identified, make, post, scope } from './api.js';
import { list, local, save, session as tab } from './store.js';

const PREFIX = `firstline-chat-outbox${scope}/`;
const keyOf = (item) => `${PREFIX}${item.at}-${item.id}`; // in the order of time

export const newID = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
};

// Outbox sends. on has the methods pending(item), stored(item, answer),
// failed(item, problem), session() (there is one) and state(connected, problem).
export class Outbox {
  constructor(language, on) {
    this.language = language;
    this.on = on;
    this.where = identified() ? tab : local;
    this.busy = false;
    this.wake = () => {};
    for (const event of ['online', 'focus']) window.addEventListener(event, () => this.wake());
  }

  // begin shows and sends what an earlier page could not send.
  begin() {
    for (const item of list(this.where, PREFIX)) {
      if (item.failed) this.on.failed(item, { code: item.failed });
      else this.on.pending(item);
    }
    this.send();
  }

  add(item) {
    item.at = Date.now();
    save(this.where, keyOf(item), item);
    this.on.pending(item);
    this.send();
  }

  remove(item) {
    this.where.set(keyOf(item), null);
  }

  // retry sends an item that failed for good once more.
  retry(item) {
    save(this.where, keyOf(item), { ...item, failed: undefined });
    this.send();
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    let failures = 0;
    for (let item; (item = list(this.where, PREFIX).find((o) => !o.failed));) {
      try {
        await make();
        this.on.session();
        const stored = await post('messages', {
          id: item.id, text: item.text, language: this.language, choice: item.choice,
          files: item.files?.map(({ id, name }) => ({ id, name })),
        });
        this.remove(item);
        this.on.stored(item, stored);
        failures = 0;
        this.on.state(true);
      } catch (e) {
        failures++;
        if (e.code === 'no_session' && failures < 5) {
          forget();
          continue; // the next make makes one
        }
        if (e.temporary || e.name === 'TimeoutError') {
          this.on.state(e.status === 429, e);
          await this.pause(Math.max(1000 * e.retryAfter || 0, Math.min(30000, 500 * 2 ** Math.min(failures, 6))));
          continue;
        }
        if (item.choice) this.remove(item); // the stream shows what is true
        else save(this.where, keyOf(item), { ...item, failed: e.code || 'refused' });
        this.on.failed(item, e);
      }
    }
    this.busy = false;
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// The past: a new page gets the newest messages only, and the rest when the
// person scrolls up to it or presses the button before it.
import { request } from './api.js';
import { byId, drop, keepPlace, show } from './view.js';

export const PAGE = 50; // messages at a time

const log = byId('log');
const more = byId('earlier');
const changed = new Map(); // messages that changed before they were shown
const stored = new Map(); // places of messages that the server has had for long
let before = 0; // the place of the earliest message that is here; 0: all are
let loading = null;

// begin forgets the past but for where it ends.
export function begin(place) {
  before = place;
  loading = null;
  changed.clear();
  more.hidden = !before;
  more.removeAttribute('aria-busy');
  for (const [id, n] of stored) if (n < before) drop(id);
}

// known is told that the server has had a message of ours: in the past nothing
// comes in its place before it is looked at.
export function known(id, place) {
  stored.set(id, place);
  if (place < before) drop(id);
}

// past reports whether a message is shown with the past only.
export function past(m) {
  if (m.n >= before || byId('m-' + m.id)) return false;
  changed.set(m.id, m); // what is fetched right now may be older
  return true;
}

// load shows the messages before the earliest one. What fails is tried again
// when the person comes here again.
export async function load(press) {
  if (!before || loading) return;
  const mine = (loading = {});
  more.setAttribute('aria-busy', 'true');
  try {
    const res = await request('GET', `messages?before=${before}&limit=${PAGE}`, undefined, { signal: AbortSignal.timeout(30000) });
    const page = await res.json();
    if (loading !== mine) return;
    const focused = document.activeElement === more;
    keepPlace(() => {
      for (const m of page.messages) show(changed.get(m.id) ?? m, press, true);
      before = page.more ? page.messages[0].n : 0;
      more.hidden = !before;
    });
    if (focused && more.hidden) log.focus({ preventScroll: true });
  } catch {
    // The notice says that there is no connection.
  } finally {
    if (loading === mine) {
      loading = null;
      more.removeAttribute('aria-busy');
    }
  }
}

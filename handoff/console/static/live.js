// Live pages: whenever the server says that something may have changed, the
// page is fetched again and its parts marked data-live are brought up to date.
// Forms that hold text are not such parts.
import { morph } from './morph.js';
import { setNow, showTimes, texts } from './time.js';

const byId = (id) => document.getElementById(id);

// say tells a screen reader, flash tells everybody.
const say = (text) => { byId('news').textContent = text; };

export function flash(text, link) {
  const p = document.createElement('p');
  p.textContent = text;
  if (link) p.append(' ', link);
  byId('flash').replaceChildren(...(text ? [p] : []));
}

let over = false; // the session has ended

export function signedOut() {
  over = true;
  status('');
  const a = document.createElement('a');
  a.href = '/sign-in';
  a.target = '_blank';
  a.textContent = texts['sign-in'];
  flash(texts['signed-out'], a);
}

// gone reports whether an answer says that nobody is signed in.
export const gone = (res) => res.status === 401 || (res.redirected && new URL(res.url).pathname === '/sign-in');

// apply brings the page up to date with doc, a newer rendering of it.
export function apply(doc) {
  setNow(doc);
  const known = new Set([...document.querySelectorAll('[data-item]')].map((el) => el.id));
  const focus = document.activeElement?.id;
  const atEnd = nearEnd();
  for (const el of document.querySelectorAll('[data-live]')) {
    const next = doc.getElementById(el.id);
    if (!next) continue;
    showTimes(next);
    morph(el, next);
  }
  if (document.querySelector('[data-live]') && doc.querySelector('[data-live]')) document.title = doc.title;
  if (focus && document.activeElement === document.body) (byId(focus) || byId('title') || byId('main')).focus();
  const fresh = [...document.querySelectorAll('[data-item]')].filter((el) => !known.has(el.id));
  for (const el of fresh) el.classList.add('fresh');
  if (fresh.length) say(fresh[0].dataset.item + (fresh.length > 1 ? ` (${fresh.length})` : ''));
  document.dispatchEvent(new CustomEvent('applied', { detail: doc }));
  if (atEnd) toEnd();
  else if (fresh.length && byId('below')) byId('below').hidden = false;
}

// nearEnd reports whether the story's end is in view. The reply form sticks to
// the window's lower edge where there is room for that.
function nearEnd() {
  if (!byId('story')) return false;
  const end = byId('story').getBoundingClientRect().bottom;
  const form = byId('reply').getBoundingClientRect().top;
  return end > 0 && end <= form + 40 && form < window.innerHeight;
}

// toEnd shows the story's end and the reply form.
export function toEnd() {
  if (!byId('story')) return;
  const end = byId('story').getBoundingClientRect().bottom;
  const form = byId('reply').getBoundingClientRect();
  window.scrollBy(0, Math.max(0, end + 16 - form.top, form.bottom + 16 - window.innerHeight));
  byId('below').hidden = true;
}

let fetching = false;
let again = false;

// refresh fetches the page. Calls during a fetch make one more after it.
export async function refresh() {
  if (over) return;
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const res = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(20000) });
    if (gone(res)) signedOut();
    else if (res.ok) apply(new DOMParser().parseFromString(await res.text(), 'text/html'));
  } catch {
    // The stream's state shows that the desk can't be reached.
  } finally {
    fetching = false;
  }
  if (again) {
    again = false;
    refresh();
  }
}

let stream = null;
let polling = false; // another page of ours has the stream

function status(state) {
  const el = byId('live');
  el.dataset.state = state;
  el.textContent = state ? texts[state] : '';
}

function connect() {
  if (over || stream) return;
  polling = false;
  stream = new EventSource('/desk/events');
  stream.onopen = () => {
    status('live');
    refresh(); // what changed between the page and the stream
  };
  stream.addEventListener('change', refresh);
  stream.addEventListener('end', (e) => {
    disconnect();
    if (e.data === 'signed-out') {
      signedOut();
    } else {
      polling = true;
      status('polling');
    }
  });
  stream.onerror = () => {
    status('off');
    if (stream?.readyState === EventSource.CLOSED) disconnect(); // the timer below tries again
  };
}

function disconnect() {
  stream?.close();
  stream = null;
}

// start makes the page live. The stream only saves time: without it, and for
// changes that time alone makes, the page is fetched now and then.
export function start() {
  connect();
  setInterval(() => showTimes(document), 10000);
  setInterval(() => {
    if (byId('live').dataset.state !== 'live') refresh();
    if (!stream && !polling) connect();
  }, 15000);
  setInterval(refresh, 60000);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    connect();
    refresh();
  });
  window.addEventListener('pagehide', disconnect);
  window.addEventListener('pageshow', (e) => { if (e.persisted) connect(); });
  window.addEventListener('scroll', () => { if (nearEnd()) byId('below').hidden = true; }, { passive: true });
}

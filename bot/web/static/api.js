// Requests to the server: proof of who we are, sessions, errors, and the stream
// of events.
import { local } from './store.js';

const KEY = 'firstline-chat-key';
const hash = new URLSearchParams(location.hash.slice(1));
let identity = hash.get('user') && hash.get('signature') ? { user: hash.get('user'), signature: hash.get('signature') } : null;

// identified reports whether the site has named the person: then nothing about
// them stays in this browser, which others may use.
export const identified = () => identity !== null;

// scope keeps apart what is stored for different people in one tab.
export const scope = identity ? ':' + encodeURIComponent(identity.user) : '';

// Problem is an answer that is none, or no answer. Temporary ones pass.
export class Problem extends Error {
  constructor(code, status, retryAfter) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.temporary = !status || status >= 500 || status === 429;
  }
}

function proof() {
  const headers = { 'X-Firstline-Chat': '1' };
  const key = local.get(KEY);
  if (identity) {
    const user = btoa(String.fromCharCode(...new TextEncoder().encode(identity.user)));
    headers.Authorization = `Identity ${user.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}.${identity.signature}`;
  } else if (key) {
    headers.Authorization = `Bearer ${key}`;
  }
  return headers;
}

// request sends one and returns the response, or throws a Problem.
export async function request(method, path, body, more = {}) {
  const { headers, ...rest } = more;
  let res;
  try {
    res = await fetch('/chat/api/' + path, {
      method, body, cache: 'no-store', credentials: 'same-origin', ...rest, headers: { ...proof(), ...headers },
    });
  } catch {
    throw new Problem('offline', 0, 0);
  }
  if (res.ok) return res;
  let code = '';
  try {
    code = (await res.json()).error.code;
  } catch {
    // A proxy answered.
  }
  if (code === 'identity_refused' && identity) {
    console.warn('The chat does not accept data-user and data-signature: is the signature the HMAC-SHA256 of the user?');
    identity = null;
    return request(method, path, body, more);
  }
  throw new Problem(code, res.status, Number(res.headers.get('Retry-After')) || 0);
}

export const post = async (path, value) =>
  (await request('POST', path, JSON.stringify(value), { headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(30000) })).json();

let session = ''; // that the server knows

export const forget = () => { session = ''; };

// current returns the session that this browser has, '' for none.
export async function current() {
  ({ session } = await (await request('GET', 'session', undefined, { signal: AbortSignal.timeout(30000) })).json());
  if (!session && !identity) local.set(KEY, null); // it opens nothing
  return session;
}

// make returns the session, made if there is none. Pages that are opened at the
// same time make one between them.
export async function make() {
  const once = async () => {
    const made = await post('session', {});
    if (made.key) local.set(KEY, made.key);
    return (session = made.session);
  };
  if (session) return session;
  return navigator.locks ? navigator.locks.request('firstline-chat', once) : once();
}

// follow calls on(event, data, id) for every event of the stream after a
// version, until it ends; after 0 it begins with so many of the newest messages; heard is called for every sign of life.
export async function follow(after, newest, once, signal, on, heard) {
  const res = await request('GET', `events?newest=${newest}${once ? '&once=1' : ''}`, undefined, { signal, headers: { 'Last-Event-ID': String(after) } });
  const reader = res.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = {};
      for (const line of block.split('\n')) {
        const [, name, text] = /^(\w*): ?(.*)$/.exec(line) || [];
        if (name) fields[name] = text;
      }
      if (fields.event) on(fields.event, JSON.parse(fields.data), fields.id === undefined ? null : Number(fields.id));
    }
  }
}

// The chat on other people's pages:
//   <script src="https://…/widget.js" async></script>
// with data-user and data-signature for who is logged in there. It makes a
// button and, when that is pressed, a frame; it leaves the page alone otherwise.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script || window.firstlineChat) return;
  const T = {/*texts*/};
  const base = new URL(script.src).origin;
  const USED = 'firstline-chat-used';

  const css = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    button {
      position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; width: 56px; height: 56px; padding: 0;
      border: 0; border-radius: 50%; background: #2f5fd0; color: #fff; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 30%);
    }
    button:hover { background: #2450b8; }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #2f5fd0; }
    svg { display: block; width: 26px; height: 26px; margin: auto; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .open .chat, svg.x { display: none; }
    .open svg.x { display: block; }
    b {
      position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
      background: #b3261e; color: #fff; font: 600 13px/22px system-ui, sans-serif; text-align: center;
    }
    b:empty { display: none; }
    iframe {
      position: fixed; inset-block-end: 88px; inset-inline-end: 20px; z-index: 2147483000; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100vh - 108px));
      border: 0; border-radius: 16px; background: #f5f6f8; color-scheme: light dark; box-shadow: 0 8px 40px rgb(0 0 0 / 30%);
    }
    @media (prefers-color-scheme: dark) { iframe { background: #11151b; } }
    @media (max-width: 480px) {
      iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; }
      .open button { display: none; }
    }
    .closed iframe { display: none; }
    @media print { :host { display: none; } }`;

  const host = document.createElement('firstline-chat');
  host.lang = T.lang || '';
  const root = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet(); // a page's policy may forbid style elements
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const box = document.createElement('div');
  box.className = 'closed';

  const svg = (className, path) => {
    const ns = 'http://www.w3.org/2000/svg';
    const el = document.createElementNS(ns, 'svg');
    el.setAttribute('viewBox', '0 0 24 24');
    el.setAttribute('aria-hidden', 'true');
    el.setAttribute('class', className);
    const p = document.createElementNS(ns, 'path');
    p.setAttribute('d', path);
    el.append(p);
    return el;
  };
  const button = document.createElement('button');
  const badge = document.createElement('b');
  button.type = 'button';
  button.append(svg('chat', 'M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z'), svg('x', 'M6 6l12 12M18 6L6 18'), badge);
  box.append(button);
  root.append(box);

  let frame = null;
  let open = false;
  let unread = 0;
  let user = script.dataset.user || '';
  let signature = script.dataset.signature || '';

  const storage = (f) => {
    try {
      return f(window.localStorage);
    } catch {
      return null; // forbidden here
    }
  };

  function label() {
    button.setAttribute('aria-label', (open ? T.close : T.open) + (unread ? ` (${unread})` : ''));
    button.setAttribute('aria-expanded', String(open));
    host.dataset.unread = unread;
    badge.textContent = unread && !open ? String(Math.min(unread, 99)) : '';
  }

  const send = () => frame?.contentWindow?.postMessage({ firstline: 'shown', open }, base);

  function load() {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.title = T.title;
    const who = user && signature ? '#' + new URLSearchParams({ user, signature }) : '';
    frame.src = `${base}/chat?embed=1${who}`;
    box.prepend(frame);
  }

  function set(yes) {
    open = yes;
    if (yes) {
      load();
      storage((s) => s.setItem(USED, '1'));
    }
    box.className = host.dataset.state = yes ? 'open' : 'closed';
    label();
    send();
    if (yes) frame.focus();
    else button.focus();
  }

  window.addEventListener('message', (e) => {
    if (!frame || e.source !== frame.contentWindow || e.origin !== base) return;
    if (e.data?.firstline === 'ready') send();
    if (e.data?.firstline === 'focused') host.dataset.state = 'ready'; // to be typed into
    if (e.data?.firstline === 'close') set(false);
    if (e.data?.firstline === 'unread') {
      unread = Number(e.data.count) || 0;
      label();
    }
  });
  button.onclick = () => set(!open);
  window.firstlineChat = {
    open: () => set(true),
    close: () => set(false),
    // identify names who has logged in since, or nobody: ('', '').
    identify(id, signed) {
      user = id || '';
      signature = signed || '';
      const had = frame !== null;
      frame?.remove();
      frame = null;
      unread = 0;
      label();
      if (had) load();
    },
  };

  label();
  const begin = () => {
    document.body.append(host);
    // Who has used the chat here hears of answers without opening it again.
    if (storage((s) => s.getItem(USED))) load();
  };
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
})();

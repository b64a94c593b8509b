// morph makes one element like another and leaves alone what is alike, so that
// focus, selection and scrolling survive. Elements are recognised by id.
export function morph(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || from.id !== to.id) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
    return;
  }
  attributes(from, to);
  children(from, to);
}

function attributes(from, to) {
  const keep = from.nodeName === 'DETAILS' ? 'open' : ''; // the reader opened it
  for (const { name } of [...from.attributes]) {
    if (name !== keep && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function children(from, to) {
  const wanted = new Set([...to.children].map((c) => c.id).filter(Boolean));
  const known = new Map([...from.children].filter((c) => c.id).map((c) => [c.id, c]));
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    const match = next.id ? known.get(next.id) : at && !at.id && at.nodeName === next.nodeName ? at : null;
    if (!match) {
      from.insertBefore(next, at);
      continue;
    }
    // What stands before the match and is not wanted goes; moving the match
    // itself would take the focus from it.
    while (at && at !== match && !(at.id && wanted.has(at.id))) at = drop(at);
    if (at === match) at = at.nextSibling;
    else from.insertBefore(match, at);
    morph(match, next);
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// What the browser keeps. Storage may be forbidden in a frame, or full: what it
// does not take lives as long as the page.
function area(name) {
  const memory = new Map();
  let real = null;
  try {
    real = window[name];
    real.getItem('');
  } catch {
    real = null;
  }
  return {
    keys(prefix) {
      const all = new Set(memory.keys());
      for (let i = 0; i < (real?.length || 0); i++) all.add(real.key(i));
      return [...all].filter((key) => key?.startsWith(prefix)).sort();
    },
    get: (key) => memory.get(key) ?? real?.getItem(key) ?? null,
    set(key, value) {
      memory.delete(key);
      try {
        if (value === null) real?.removeItem(key);
        else if (real) real.setItem(key, value);
        else memory.set(key, value);
      } catch {
        memory.set(key, value);
      }
    },
  };
}

export const local = area('localStorage');
export const session = area('sessionStorage');

// list reads what was saved under keys with a prefix, in their order. Each thing
// has a key of its own, since several tabs write at once.
export function list(where, prefix) {
  return where.keys(prefix).flatMap((key) => {
    try {
      return [JSON.parse(where.get(key))].filter(Boolean);
    } catch {
      return [];
    }
  });
}

export const save = (where, key, value) => where.set(key, JSON.stringify(value));

// What the browser keeps. Storage may be forbidden in a frame: then it lives as
// long as the page.
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
    get: (key) => {
      try {
        return real ? real.getItem(key) : memory.get(key) ?? null;
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      memory.set(key, value);
      try {
        if (value === null) real?.removeItem(key);
        else real?.setItem(key, value);
      } catch {
        // It is full: this page still has it.
      }
      if (value === null) memory.delete(key);
    },
  };
}

export const local = area('localStorage');
export const session = area('sessionStorage');

// list reads a list that was written by save.
export function list(where, key) {
  try {
    const all = JSON.parse(where.get(key) || '[]');
    return Array.isArray(all) ? all : [];
  } catch {
    return [];
  }
}

export const save = (where, key, all) => where.set(key, all.length ? JSON.stringify(all) : null);

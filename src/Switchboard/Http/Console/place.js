// Where the reader is: the part of the page, and what it shows, stand in the fragment of the address (#calls?day=2026-11-24&outcome=failed),
// so that an address can be handed on and the browser's way back works. The server never gets to see it.

const parts = ["talk", "calls", "overview"];

const place = {
  part: parts[0],
  listeners: new Map(),

  begin() {
    addEventListener("hashchange", () => this.arrive());
    for (const link of document.querySelectorAll(".skip")) {
      // A fragment of its own would take away what the address says.
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const target = document.querySelector(link.hash);
        this.note(target.closest(".side").id);
        target.focus();
      });
    }
    this.arrive();
  },

  /** Calls the listener with the values of the part whenever the address leads there, also at the beginning. */
  on(part, listener) {
    this.listeners.set(part, listener);
  },

  /** Leads to a part and to what it is to show; the way back leads here again. Values that are empty are left out. */
  go(part, values = {}) {
    this.note(part, values, true);
    this.listeners.get(part)?.(values);
  },

  /**
   * Writes into the address what a part shows already, and brings the part to the front.
   * @param values Null where it shows what it last showed.
   * @param step Whether the way back leads to what was shown before.
   */
  note(part, values = null, step = false) {
    const address = values ? placeAddress(part, values) : partLink(part).hash;
    if (address !== location.hash) {
      history[step ? "pushState" : "replaceState"](null, "", address);
    }
    this.show(part);
  },

  /** Shows the part that the address names; any other address is left alone and means the first. */
  arrive() {
    const [name, query] = location.hash.slice(1).split(/\?(.*)/s);
    const part = parts.includes(name) ? name : parts[0];
    this.show(part);
    this.listeners.get(part)?.(Object.fromEntries(new URLSearchParams(query ?? "")));
  },

  show(part) {
    this.part = part;
    document.querySelector("main").dataset.part = part;
    for (const other of parts) {
      partLink(other).ariaCurrent = other === part ? "page" : null;
    }
    if (location.hash.startsWith(`#${part}`)) {
      // Who comes back to a part by its link finds it as it was.
      partLink(part).hash = location.hash;
    }
  },
};

function partLink(part) {
  return document.querySelector(`nav a[data-part=${part}]`);
}

function placeAddress(part, values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return `#${part}${query.size > 0 ? `?${query}` : ""}`;
}

/** The fields of the operator key, one in each part that needs it, hold the same; it is kept nowhere else. */
const operatorKey = {
  get fields() {
    return [...document.querySelectorAll("input[data-operator-key]")];
  },

  get value() {
    return this.fields[0].value.trim();
  },

  begin() {
    for (const field of this.fields) {
      field.addEventListener("input", () => this.fields.forEach((other) => {
        other.value = field.value;
      }));
    }
  },
};

// The list of calls: one stop for the Tab key, and arrows from call to call (https://www.w3.org/WAI/ARIA/apg/patterns/listbox/).

class CallList {
  #list = byId("recent");
  // By instanceId, in the order of the list.
  #items = new Map();
  #open;

  /** @param open Is called with the instanceId of the call that is to be read. */
  constructor(open) {
    this.#open = open;
    this.#list.addEventListener("keydown", (event) => this.#press(event));
    this.#list.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
  }

  get ids() {
    return [...this.#items.keys()];
  }

  get size() {
    return this.#items.size;
  }

  call(instanceId) {
    return this.#items.get(instanceId)?.call ?? null;
  }

  /** Shows these calls, in this order. Those that are there already keep their row, and so the focus. */
  show(calls) {
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? this.#rows.indexOf(focused) : -1;
    const known = this.#items;
    this.#items = new Map(calls.map((call) => [call.instanceId, { call, row: known.get(call.instanceId)?.row ?? this.#row(call.instanceId) }]));
    for (const [id, { row }] of known) {
      if (!this.#items.has(id)) {
        row.remove();
      }
    }
    // Only what stands elsewhere is moved: moving takes the focus away.
    let next = this.#list.firstChild;
    for (const { call, row } of this.#items.values()) {
      const text = callText(call);
      if (row.dataset.text !== JSON.stringify(text)) {
        row.dataset.text = JSON.stringify(text);
        row.replaceChildren(...callElements(text));
      }
      if (row === next) {
        next = next.nextSibling;
      } else {
        this.#list.insertBefore(row, next);
      }
    }
    this.#keepStop();
    if (focused && !this.#list.contains(document.activeElement)) {
      this.focus(Math.min(place, this.#rows.length - 1));
    }
  }

  /** Says which call is read; null for none. */
  mark(instanceId) {
    for (const [id, { row }] of this.#items) {
      const isNew = row.ariaCurrent !== "true";
      row.ariaCurrent = id === instanceId ? "true" : null;
      if (id === instanceId && isNew) {
        this.#stopAt(row);
        // Who comes by an address or the way back finds the row where the eye is.
        row.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /** Puts the focus on a row; where there is none, on the list itself. */
  focus(index) {
    const row = this.#rows[index];
    if (row) {
      this.#stopAt(row);
      row.focus();
    } else {
      this.#list.focus();
    }
  }

  focusOn(instanceId) {
    this.focus(this.ids.indexOf(instanceId));
  }

  get #rows() {
    return [...this.#list.children];
  }

  #row(instanceId) {
    const row = element("li", { className: "call", role: "option", tabIndex: -1, ariaSelected: "false" });
    row.dataset.call = instanceId;
    return row;
  }

  #press(event) {
    const rows = this.#rows;
    const at = rows.indexOf(event.target.closest("[role=option]"));
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 };
    if (event.altKey || event.ctrlKey || event.metaKey || rows.length === 0) {
      return;
    }
    if (Object.hasOwn(steps, event.key)) {
      event.preventDefault();
      this.focus(Math.max(0, Math.min(rows.length - 1, steps[event.key])));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(rows[at]);
    }
  }

  #choose(row) {
    if (row) {
      this.#stopAt(row);
      this.#open(row.dataset.call);
    }
  }

  #stopAt(row) {
    for (const other of this.#rows) {
      other.tabIndex = other === row ? 0 : -1;
      other.ariaSelected = String(other === row);
    }
  }

  #keepStop() {
    const rows = this.#rows;
    if (rows.length > 0 && !rows.some((row) => row.tabIndex === 0)) {
      this.#stopAt(rows[0]);
    }
    // An empty list can still be gone to, so that the focus has a place when its last call is deleted.
    this.#list.tabIndex = rows.length === 0 ? 0 : -1;
  }
}

/** What the list tells of a call; what the server does not tell is left out. */
function callText(call) {
  const slowest = call.slowestAnswerMs ?? null;
  const length = call.lengthMs ?? null;
  return {
    id: call.instanceId,
    at: call.startedAt,
    outcome: call.outcome,
    caller: call.caller ?? "",
    words: call.firstWords ?? "",
    failed: call.failedUpstreams ?? [],
    facts: [
      call.model,
      counted(call.turns, "turn"),
      length !== null && callLength(length),
      slowest !== null && `slowest answer ${duration(slowest)}`,
      ...call.actions.map((name) => (name === "hangup" ? "hang up" : name)),
      ...(call.endings ?? []).map(({ event }) => `ended: ${event.replaceAll("_", " ")}`),
    ].filter(Boolean).join(" · "),
  };
}

function callElements({ id, at, outcome, caller, words, failed, facts }) {
  return [
    element("time", { dateTime: at }, utcTime(at)),
    textElement("span", { className: caller ? "caller" : "note" }, caller || "no number"),
    stateElement(outcome),
    ...(words ? [textElement("span", { className: "words", dir: "auto" }, words)] : []),
    ...(failed.length > 0 ? [textElement("span", { className: "cut" }, `${failed.length === 1 ? "Upstream" : "Upstreams"} failed: ${failed.join(", ")}`)] : []),
    textElement("span", { className: "note" }, facts),
    textElement("span", { className: "id note" }, id),
  ];
}

/** "12 s" and "3 min 5 s". */
function callLength(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

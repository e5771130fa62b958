// The side "Calls": the calls of a day, and what was said on the one that is chosen.

const livePause = 5000;

// Where the styles put the transcript below the list.
const stacked = matchMedia("(max-width: 860px)");

class Calls {
  #transcript = new Transcript();
  #list = byId("recent");
  // By instanceId, in the order of the list.
  #items = new Map();
  #next = null;
  #chosen = null;
  #day = null;
  #failure = null;
  #loading = new AbortController();
  #opening = new AbortController();
  #timer = 0;

  constructor() {
    byId("day").value = new Date().toISOString().slice(0, 10);
    byId("find").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#load();
    });
    byId("refresh").addEventListener("click", () => this.#load());
    byId("day").addEventListener("change", () => this.#load());
    byId("more").addEventListener("click", () => this.#loadMore());
    byId("filter").addEventListener("input", () => this.#filter());
    byId("live").addEventListener("change", () => this.#schedule(0));
    document.addEventListener("visibilitychange", () => this.#schedule(0));
  }

  get #key() {
    return byId("operator-key").value.trim();
  }

  /** @param keep Whether the calls of further pages stay: so that watching a list does not shorten it. */
  async #load(keep = false) {
    const day = byId("day").value;
    const page = await this.#page(day, null);
    if (!page) {
      return;
    }
    if (day !== this.#day) {
      this.#day = day;
      this.#items.clear();
      this.#list.replaceChildren();
      this.#chosen = null;
      this.#transcript.note("Choose a call to read what was said.");
    }
    const later = keep ? [...this.#items.keys()].filter((id) => !page.calls.some((call) => call.instanceId === id)) : [];
    if (later.length === 0) {
      this.#next = page.continue;
    }
    const known = this.#items;
    this.#items = new Map();
    page.calls.forEach((call) => this.#put(call, known.get(call.instanceId)));
    later.forEach((id) => this.#items.set(id, known.get(id)));
    known.forEach(({ row }, id) => this.#items.has(id) || row.remove());
    this.#show();
  }

  async #loadMore() {
    const page = await this.#page(this.#day, this.#next);
    if (!page) {
      return;
    }
    this.#next = page.continue;
    page.calls.forEach((call) => this.#put(call, this.#items.get(call.instanceId)));
    this.#show();
    this.#items.get(page.calls[0]?.instanceId)?.button.focus();
  }

  /** A page of the list; null when there is none to show. */
  async #page(day, next) {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    try {
      const page = await listCalls(this.#key, day, next, signal);
      this.#fail(null);
      return { ...page, calls: merged(page.calls) };
    } catch (fault) {
      if (!signal.aborted) {
        this.#fail(fault);
      }
      return null;
    } finally {
      this.#schedule(livePause);
    }
  }

  #fail(failure) {
    // The same failure again is no news.
    if (failure?.message !== this.#failure?.message) {
      showFailure(byId("calls-error"), failure);
    }
    this.#failure = failure;
    if (failure?.status >= 400 && failure.status < 500) {
      // Asking again would be answered the same.
      byId("live").checked = false;
    }
  }

  #schedule(pause) {
    clearTimeout(this.#timer);
    if (byId("live").checked && document.visibilityState === "visible") {
      this.#timer = setTimeout(() => this.#load(true), pause);
    }
  }

  #put(call, known) {
    const item = known ?? this.#item(call.instanceId);
    if (known && call.instanceId === this.#chosen && (call.turns !== known.call.turns || call.endings?.length !== known.call.endings?.length)) {
      this.#open(call.instanceId);
    }
    item.call = call;
    item.button.replaceChildren(
      element("time", { dateTime: call.startedAt }, utcTime(call.startedAt)),
      textElement("span", { className: "id" }, call.instanceId),
      stateElement(call.outcome),
      textElement("span", { className: "note" }, [call.model, counted(call.turns, "turn"), ...call.actions.map((name) => name === "hangup" ? "hang up" : name), ...(call.endings ?? []).map(({ event }) => `ended: ${event.replaceAll("_", " ")}`)].filter(Boolean).join(" · ")));
    this.#items.set(call.instanceId, item);
  }

  #item(instanceId) {
    const button = element("button", { type: "button", className: "call" });
    button.addEventListener("click", () => this.#open(instanceId));
    return { button, row: element("li", {}, button), call: null };
  }

  #show() {
    byId("calls-empty").hidden = true;
    byId("calls-found").hidden = false;
    byId("more").hidden = this.#next === null;
    // Only what stands elsewhere is moved: moving takes the focus away.
    let place = this.#list.firstChild;
    for (const { row } of this.#items.values()) {
      if (row === place) {
        place = place.nextSibling;
      } else {
        this.#list.insertBefore(row, place);
      }
    }
    this.#filter();
  }

  async #open(instanceId) {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    this.#chosen = instanceId;
    this.#mark();
    try {
      const call = await readCall(this.#key, instanceId, signal);
      const again = this.#transcript.instanceId === instanceId;
      this.#transcript.show(call);
      this.#filter();
      if (!again) {
        byId("transcript").scrollTop = 0;
        if (stacked.matches) {
          byId("transcript").scrollIntoView();
        }
        announce(`Transcript of ${instanceId}: ${counted(call.turns.length, "turn")}.`);
      }
    } catch (fault) {
      if (!signal.aborted) {
        this.#transcript.fail(fault);
      }
    }
  }

  #mark() {
    for (const [id, { button }] of this.#items) {
      button.setAttribute("aria-pressed", String(id === this.#chosen));
    }
  }

  #filter() {
    const text = byId("filter").value.trim().toLowerCase();
    let shown = 0;
    for (const [id, { call, row }] of this.#items) {
      const named = callHolds(call, text);
      const opened = id === this.#transcript.instanceId;
      row.hidden = !named && !(opened && this.#transcript.holds(text));
      shown += row.hidden ? 0 : 1;
      if (opened) {
        this.#transcript.filter(named ? null : text);
      }
    }
    const all = counted(this.#items.size, "call") + (this.#next === null ? "" : " so far");
    byId("count").textContent = this.#items.size === 0 ? `No calls on ${this.#day || "this day"}.` : text === "" ? all : `${shown} of ${all}`;
    this.#mark();
  }
}

/** One entry for each instanceId: a call that was asked with two keys is listed twice, and its transcript has both. */
function merged(calls) {
  const found = new Map();
  for (const call of calls) {
    const newer = found.get(call.instanceId);
    found.set(call.instanceId, newer ? { ...newer, turns: newer.turns + call.turns, actions: [...call.actions, ...newer.actions] } : call);
  }
  return [...found.values()];
}

/** Whether a call of the list has the text in what the list knows of it. */
function callHolds({ instanceId, model, outcome, actions }, text) {
  return [instanceId, model, outcome, outcome.replaceAll("_", " "), ...actions].some((word) => word?.toLowerCase().includes(text));
}

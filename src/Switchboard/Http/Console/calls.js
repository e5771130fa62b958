// The side "Calls": the calls that are looked for, and what was said on the one that is chosen.

const livePause = 5000;

// A page of a search may hold few calls, or none, while the server has looked through many. So many are wanted at once,
const enoughFound = 25;
// and so many pages are asked for before somebody says "Look further".
const mostPages = 40;

// Where the styles put the transcript below the list.
const stacked = matchMedia("(max-width: 860px)");

class Calls {
  #transcript = new Transcript((instanceId) => this.#erase(instanceId));
  #form = new CallSearch(() => this.#search());
  #list = new CallList((instanceId) => this.#choose(instanceId));
  // What the list answers; null before anything was looked for.
  #asked = null;
  #next = null;
  // How many calls the server has looked at for it, and how many of them only in part.
  #searched = 0;
  #inPart = 0;
  #chosen = null;
  #failure = null;
  #loading = new AbortController();
  #opening = new AbortController();
  #timer = 0;
  #looking = false;

  constructor() {
    byId("find").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    byId("clear").addEventListener("click", () => {
      this.#form.fill({ day: byId("day").value });
      this.#search();
      byId("q").focus();
    });
    for (const id of ["day", "outcome", "failed"]) {
      byId(id).addEventListener("change", () => this.#search());
    }
    byId("stop").addEventListener("click", () => this.#loading.abort());
    byId("more").addEventListener("click", () => this.#lookFurther());
    byId("live").addEventListener("change", () => this.#schedule(0));
    document.addEventListener("visibilitychange", () => this.#schedule(0));
    place.on("calls", (values) => this.#arrive(values));
  }

  /** The address leads here: with what to look for, and perhaps the call to read. */
  async #arrive({ call = null, ...values }) {
    if (call === null && Object.keys(values).length === 0) {
      // The bare part: what stands in the form stays there.
      if (this.#asked === null && operatorKey.value !== "") {
        this.#search();
      }
      return;
    }
    this.#form.fill({ ...values, day: values.day || today() });
    const same = this.#asked !== null && JSON.stringify(this.#form.fields) === JSON.stringify(this.#asked);
    this.#chosen = call;
    if (operatorKey.value === "") {
      // Looked for when the key is there.
      return;
    }
    if (!same && !(await this.#load())) {
      return;
    }
    if (call === null) {
      this.#transcript.note(chooseNote);
      this.#list.mark(null);
    } else if (this.#transcript.instanceId !== call) {
      this.#open(call);
    }
  }

  /** Looks for what the form says; the way back leads to what was looked for before. */
  async #search() {
    const fields = this.#form.fields;
    const step = this.#asked !== null && JSON.stringify(fields) !== JSON.stringify(this.#asked);
    if (step) {
      this.#chosen = null;
      this.#transcript.note(chooseNote);
    }
    if (await this.#load()) {
      place.note("calls", { ...this.#asked, call: this.#chosen }, step);
      if (this.#chosen !== null && this.#transcript.instanceId !== this.#chosen) {
        this.#open(this.#chosen);
      }
    }
  }

  /** Looks from the beginning; whether anything was answered. */
  async #load() {
    const asked = this.#form.fields;
    const first = await this.#look(asked, null, []);
    if (first && isSearch(asked)) {
      announce(byId("count").textContent);
    }
    return first;
  }

  async #lookFurther() {
    const known = this.#list.ids;
    await this.#look(this.#asked, this.#next, known.map((id) => this.#list.call(id)));
    const added = this.#list.ids.find((id) => !known.includes(id));
    if (added) {
      this.#list.focusOn(added);
    }
  }

  /** Asks for pages until there is something to show, and shows what was found so far; whether any page came. */
  async #look(asked, next, calls) {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    // Live waits for its end, and does not begin anew in the middle of it.
    this.#looking = true;
    clearTimeout(this.#timer);
    const before = calls.length;
    if (next === null) {
      this.#searched = this.#inPart = 0;
    }
    let came = false;
    byId("stop").hidden = !isSearch(asked);
    try {
      for (let pages = 0; pages < mostPages; pages++) {
        const page = await listCalls(operatorKey.value, { ...searchQuery(asked), continue: next }, signal);
        this.#fail(null);
        came = true;
        this.#asked = asked;
        next = this.#next = page.continue;
        calls = merged([...calls, ...page.calls.filter((call) => isLinked(call, asked))]);
        this.#searched += page.searched ?? page.calls.length;
        this.#inPart += page.searchedInPart ?? 0;
        const enough = next === null || !isSearch(asked) || calls.length - before >= enoughFound;
        this.#show(calls, !enough && pages + 1 < mostPages);
        if (enough) {
          break;
        }
      }
    } catch (fault) {
      if (!signal.aborted) {
        this.#fail(fault);
      }
    } finally {
      if (this.#loading.signal === signal) {
        byId("stop").hidden = true;
        this.#looking = false;
        if (came) {
          this.#count(false);
        }
        this.#schedule(livePause);
      }
    }
    return came;
  }

  /** The newest calls again; those of further pages stay, so that watching a list does not shorten it. */
  async #watch() {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    try {
      const asked = this.#asked ?? this.#form.fields;
      const page = await listCalls(operatorKey.value, searchQuery(asked), signal);
      this.#fail(null);
      this.#asked = asked;
      const fresh = merged(page.calls.filter((call) => isLinked(call, asked)));
      const later = this.#list.ids.filter((id) => !fresh.some((call) => call.instanceId === id)).map((id) => this.#list.call(id));
      if (later.length === 0) {
        this.#next = page.continue;
      }
      const chosen = fresh.find((call) => call.instanceId === this.#chosen);
      const known = this.#list.call(this.#chosen);
      this.#show([...fresh, ...later], false);
      if (chosen && known && (chosen.turns !== known.turns || chosen.endings?.length !== known.endings?.length)) {
        this.#open(this.#chosen);
      }
    } catch (fault) {
      if (!signal.aborted) {
        this.#fail(fault);
      }
    } finally {
      if (this.#loading.signal === signal) {
        this.#schedule(livePause);
      }
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
    if (byId("live").checked && !this.#looking && document.visibilityState === "visible") {
      this.#timer = setTimeout(() => (byId("calls").checkVisibility() ? this.#watch() : this.#schedule(livePause)), pause);
    }
  }

  #show(calls, looking) {
    byId("calls-empty").hidden = true;
    byId("calls-found").hidden = false;
    this.#list.show(calls);
    this.#list.mark(this.#chosen);
    this.#form.suggest(calls);
    this.#count(looking);
  }

  #count(looking) {
    const search = isSearch(this.#asked);
    const found = counted(this.#list.size, "call");
    const more = this.#next !== null;
    byId("more").hidden = looking || !more;
    byId("more").textContent = search ? "Look further" : "More";
    const looked = search && this.#searched > 0 ? `, ${thousands(this.#searched)} looked at` : "";
    byId("count").textContent =
      looking ? `Looking further: ${found} so far${looked} …`
      : this.#list.size > 0 || more ? `${found}${search ? " found" : ""}${more ? " so far" : ""}${looked}`
      : search ? `No call of ${this.#asked.day} is like that${looked}.`
      : `No calls on ${this.#asked.day}.`;
    if (!looking && this.#inPart > 0) {
      byId("count").append(` ${counted(this.#inPart, "long call was", "long calls were")} searched only at the beginning.`);
    }
  }

  #choose(instanceId) {
    const step = this.#chosen !== instanceId;
    this.#chosen = instanceId;
    place.note("calls", { ...this.#asked, call: instanceId }, step);
    this.#open(instanceId);
  }

  async #open(instanceId) {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    this.#list.mark(instanceId);
    try {
      const call = await readCall(operatorKey.value, instanceId, signal);
      const again = this.#transcript.instanceId === instanceId;
      this.#transcript.show(call, this.#list.call(instanceId));
      const found = this.#transcript.find(this.#asked?.q ?? "", !again);
      if (!again) {
        if (found === null) {
          byId("transcript").scrollTop = 0;
        }
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

  /** Deletes a call, which somebody has confirmed; whether it was still there. */
  async #erase(instanceId) {
    const at = this.#list.ids.indexOf(instanceId);
    const wasThere = await eraseCall(operatorKey.value, instanceId);
    this.#chosen = null;
    this.#list.show(this.#list.ids.filter((id) => id !== instanceId).map((id) => this.#list.call(id)));
    place.note("calls", this.#asked ?? this.#form.fields);
    if (this.#asked) {
      this.#count(false);
    }
    this.#list.focus(Math.min(Math.max(at, 0), this.#list.size - 1));
    return wasThere;
  }
}

const chooseNote = "Choose a call to read what was said.";

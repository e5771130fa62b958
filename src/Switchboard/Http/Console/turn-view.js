// Shows one turn of the conversation while it happens.

class TurnView {
  #answer = element("div", { className: "said", dir: "auto" });
  #events = element("div", { className: "events" });
  #state = element("span", { className: "state", "data-state": "answering" }, "answering");
  #frames = [];
  #frameCount = element("summary", {}, "Frames (0)");
  #frameText = element("pre", { tabIndex: 0 });
  #drawer = element("details", { className: "frames" }, this.#frameCount, this.#frameText);

  constructor(number, speech, model) {
    this.article = element("article", { className: "turn", "aria-label": `Turn ${number}` },
      element("header", {}, element("h3", {}, `Turn ${number}`), textElement("span", { className: "note" }, model), this.#state),
      element("div", { className: "line" },
        element("span", { className: "who" }, "Caller"), textElement("div", { className: "said heard", dir: "auto", "data-part": "heard" }, speech)),
      element("div", { className: "line" }, element("span", { className: "who" }, "Answer"), this.#answer),
      this.#events, this.#drawer);
    // Frames are many and rarely read.
    this.#drawer.addEventListener("toggle", () => this.#showFrames());
  }

  /** @param kind "spoken", or what the platform obeys: "hangup", "transfer", "mark". */
  part(kind, text) {
    const name = kind === "spoken" ? kind : "hidden";
    if (name === "hidden" || this.#answer.lastChild?.dataset?.part !== name) {
      this.#answer.append(element("span", { className: name, "data-part": name, title: name === "hidden" ? "Not spoken: the platform obeys it" : "" }));
    }
    appendText(this.#answer.lastChild, text);
    if (kind === "hangup" || kind === "transfer") {
      this.#directiveEvent(kind, directiveValues(text));
    }
  }

  get spokenText() {
    return [...this.#answer.querySelectorAll("[data-part=spoken]")].map((part) => part.textContent).join(" ");
  }

  toolCall(name, argumentsText) {
    const hangsUp = isHangUp(name);
    this.#event(hangsUp ? "Hang up" : "Tool call", `${hangsUp ? "tool call " : ""}${name} ${argumentsText}`);
  }

  frame(frame) {
    this.#frames.push(frame);
    this.#frameCount.textContent = `Frames (${this.#frames.length})`;
    if (this.#drawer.open) {
      this.#appendFrame(frame);
    }
  }

  fail(failure) {
    this.#events.append(failureElement(failure));
  }

  /** @param state How it ended, in a word. */
  end(state, spokenAt, total) {
    this.#state.textContent = state;
    this.#state.dataset.state = state;
    if (this.#answer.childNodes.length === 0) {
      this.#answer.append(element("span", { className: "note" }, "nothing was said"));
    }
    this.#drawer.before(turnTimeline(spokenAt, total));
  }

  #directiveEvent(kind, { endword, caller, callee, msg }) {
    if (kind === "hangup") {
      this.#event("Hang up", endword ? `after “${endword}”` : "");
    } else {
      this.#event("Transfer", [callee && `to ${callee}`, caller && `shown as ${caller}`, msg && `after “${msg}”`].filter(Boolean).join(", "));
    }
  }

  #event(title, text) {
    this.#events.append(eventElement(title, text));
  }

  #showFrames() {
    this.#frameText.replaceChildren();
    if (this.#drawer.open) {
      this.#frames.forEach((frame) => this.#appendFrame(frame));
    }
  }

  #appendFrame({ at, raw }) {
    const line = element("span", { className: "frame" }, element("span", { className: "note" }, `+${at.toFixed(1)} ms`.padStart(11)), "  ");
    appendText(line, `${raw}\n`);
    this.#frameText.append(line);
  }
}

/** Something that the platform does to the call. */
function eventElement(title, text) {
  return element("p", { className: "event", "data-part": "event" }, element("strong", {}, title), " ", textElement("span", {}, text));
}

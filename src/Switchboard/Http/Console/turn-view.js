// Shows one turn of the conversation while it happens.

// What only this side knows of a turn: it is the caller.
const talkStates = {
  interrupted: ["interrupted", "The caller spoke on: the platform closed the connection, and the next turn says so."],
  hung_up: ["caller left", "The caller hung up here: the platform closed the connection."],
  cut_off: ["cut off", ""],
};

// https://platform.openai.com/docs/api-reference/chat-streaming
const finishReasons = {
  length: "The answer was cut: it has reached its greatest length.",
  content_filter: "The answer was cut by the filter of the service behind the server.",
};

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

  /** @param turn The turn, which is over. @param failure What it failed by; null for nothing. */
  end(turn, failure, scale) {
    const outcome = TurnView.#outcome(turn, failure);
    this.#state.textContent = talkStates[outcome]?.[0] ?? outcomeName(outcome);
    this.#state.dataset.state = outcome;
    if (this.#answer.childNodes.length === 0) {
      this.#answer.append(element("span", { className: "note" }, "nothing was said"));
    }
    this.#tell(turn, outcome, failure);
    this.#drawer.before(turnTimeline(turn.spokenAt, turn.total, turn.told, scale));
    if (turn.requestId && !failure?.requestId) {
      this.#drawer.before(requestElement(turn.requestId));
    }
    return this.#state.textContent;
  }

  /** How it ended: as the server told, unless it was this side that ended it. */
  static #outcome(turn, failure) {
    if (turn.interrupted) {
      return turn.hungUp ? "hung_up" : "interrupted";
    }
    if (failure) {
      return failure.isRefusal ? "refused" : failure.code === "cut_off" ? "cut_off" : "failed";
    }
    return turn.told?.outcome ?? "completed";
  }

  #tell(turn, outcome, failure) {
    const reason = wordsFor(errors, turn.told?.error);
    if (turn.interrupted) {
      this.#note(talkStates[outcome][1]);
    } else if (!failure && outcome !== "completed") {
      this.#events.append(faultElement(outcome, turn.told?.error));
    } else if (failure && outcome === "refused" && reason === null) {
      this.#note(outcomes.refused[1]);
    }
    const ending = wordsFor(finishReasons, turn.finishReason);
    if (ending) {
      this.#note(ending);
    }
  }

  #note(text) {
    this.#events.append(element("p", { className: "note", "data-part": "note" }, text));
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

/** How a turn ended, and why, where nobody heard the answer that was meant. */
function faultElement(outcome, code) {
  const reason = wordsFor(errors, code);
  return element("p", { className: outcome === "caller_left" ? "cut" : "fault", "data-part": "error" },
    textElement("strong", {}, `${capital(outcomeName(outcome))}.`), ` ${wordsFor(outcomes, outcome)?.[1] ?? ""} `,
    ...(code ? [reason ? `${reason[0]}. ` : "", textElement("code", {}, code)] : []));
}

/** What a call begins with before the caller has said anything. */
function openingElement(greeting, system) {
  return element("article", { className: "turn", "aria-label": "Before the first turn", "data-part": "opening" },
    element("header", {}, element("h3", {}, "Before the first turn")),
    ...[["System", "system", system], ["Greeting", "greeting", greeting]].filter(([, , text]) => text).map(([who, part, text]) =>
      element("div", { className: "line" }, element("span", { className: "who" }, who), textElement("div", { className: "said", dir: "auto", "data-part": part }, text))));
}

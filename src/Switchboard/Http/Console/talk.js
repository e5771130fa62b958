// The side "Talk": holds a call as the platform would.

class Talk {
  #connection = new Connection();
  #callData = new CallData(() => this.#open());
  #conversation = new Conversation();
  #speech = byId("speech");
  #scroll = byId("talk-scroll");
  #turn = null;
  // The turn whose answer may still be read aloud when it has ended.
  #latest = null;
  #voice = null;
  #running = Promise.resolve();
  #turns = 0;
  #over = false;
  #scale = null;
  #opening = null;
  #following = true;
  #lastTop = 0;

  constructor() {
    byId("say").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#speech.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses its word.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && !document.querySelector("dialog[open]")) {
        this.#bargeIn();
      }
    });
    byId("barge-in").addEventListener("click", () => this.#bargeIn());
    byId("hang-up").addEventListener("click", () => this.#hangUp());
    byId("new-call").addEventListener("click", () => this.#newCall());
    byId("speak").addEventListener("change", () => this.#voice?.cancel());
    byId("speak").disabled = !Voice.available;
    this.#scroll.addEventListener("scroll", () => this.#noticeScroll());
    new ResizeObserver(() => this.#follow()).observe(byId("log"));
    offerDictation(() => this.#bargeIn(), (text, final) => {
      this.#speech.value = text;
      if (final) {
        this.#send();
      }
    });
    this.#begin();
  }

  async #send() {
    if (this.#over || this.#speech.value.trim() === "") {
      return;
    }
    if (!this.#connection.ready && !(await this.#connection.connect())) {
      return;
    }
    if (this.#locked) {
      showFailure(byId("say-error"), new Failure("Not now", "Nobody may interrupt this answer: it says so itself. Send again when it has ended."));
      return;
    }
    this.#bargeIn();
    await this.#running;
    const speech = this.#speech.value.trim();
    // A second Enter may have come while the first one waited.
    if (speech !== "" && !this.#turn) {
      this.#speech.value = "";
      this.#running = this.#hold(speech);
    }
  }

  async #hold(speech) {
    const view = new TurnView(++this.#turns, speech, this.#connection.model);
    const voice = byId("speak").checked ? new Voice(() => this.#allowBargeIn()) : null;
    const turn = new Turn({
      frame: (frame) => view.frame(frame),
      part: (kind, text) => {
        view.part(kind, text);
        this.#allowBargeIn();
        if (kind === "spoken" && !turn.interrupted) {
          voice?.push(text);
        }
      },
      toolCall: (name, argumentsText) => view.toolCall(name, argumentsText),
    });
    this.#turn = this.#latest = turn;
    this.#voice = voice;
    showFailure(byId("say-error"), null);
    this.#following = true;
    byId("talk-empty").hidden = true;
    byId("log").append(view.article);
    this.#allowBargeIn();
    this.#conversation.system = this.#callData.system;
    this.#conversation.heard(speech);
    const body = turnBody(this.#connection.model, this.#conversation.messages, this.#callData.values);
    this.#callData.nextSentence();
    const failure = await turn.run(this.#connection.key, this.#callData.query, body).then(() => null, (fault) => fault);
    if (this.#turn === turn) {
      this.#turn = null;
      this.#ended(turn, view, voice, failure, speech);
    }
  }

  #ended(turn, view, voice, failure, speech) {
    if (turn.interrupted) {
      this.#conversation.interrupted(voice ? voice.heard : turn.text);
    } else {
      voice?.finish();
      this.#conversation.answered(turn.text);
    }
    if (failure) {
      view.fail(failure);
      if (turn.text === "") {
        // Nothing was answered: what was said stands ready to be said again.
        this.#conversation.takeBack();
        this.#speech.value ||= speech;
      }
    }
    const state = view.end(turn, failure, this.#scale);
    // The platform obeys an answer that came whole, and that the caller let end.
    const ending = failure || turn.interrupted ? null : turn.ending;
    if (ending) {
      this.#endCall(ending === "hangup" ? "the platform hangs up" : "the platform transfers it");
    }
    this.#allowBargeIn();
    if (!failure) {
      const how = state === "completed" ? "" : `Turn ${state}. `;
      const answer = turn.hungUp ? "The caller hung up." : turn.interrupted ? "Barged in." : `${how}Answer: ${view.spokenText || "nothing was said."}`;
      announce(ending ? `${answer} The call is over.` : answer);
    }
  }

  /** The caller speaks while the answer comes, or while it is still read aloud. */
  #bargeIn() {
    if (this.#locked) {
      return;
    }
    const voice = this.#voice;
    const turn = this.#turn;
    if (voice?.speaking) {
      voice.cancel();
      if (!turn) {
        this.#conversation.interrupted(voice.heard);
        announce("Barged in.");
      }
    }
    turn?.bargeIn();
  }

  /** The caller hangs up, also in the middle of an answer that nobody may interrupt. */
  async #hangUp() {
    const call = this.#scale;
    const { values, callbackToken } = this.#callData;
    this.#voice?.cancel();
    this.#turn?.hangUp();
    await this.#running;
    if (this.#over || this.#scale !== call) {
      // Somebody was quicker: the platform hung up, or a new call has begun.
      return;
    }
    this.#endCall("the caller hung up");
    if (callbackToken) {
      try {
        await tellHangUp(callbackToken, values);
        byId("log").append(element("p", { className: "over" }, "The server was told so, as IMS tells it (agent_stop)."));
      } catch (fault) {
        showFailure(byId("say-error"), fault.code === "invalid_api_key" ? new Failure("This callback token is not accepted", "The call is over all the same.", fault) : fault);
      }
    }
  }

  get #answering() {
    return Boolean(this.#turn || this.#voice?.speaking);
  }

  get #locked() {
    return this.#answering && (this.#latest?.isUninterruptible ?? false);
  }

  #allowBargeIn() {
    byId("barge-in").disabled = !this.#answering || this.#locked;
    byId("hang-up").disabled = this.#over || (this.#turns === 0 && !this.#opening);
  }

  #endCall(how) {
    const writing = byId("say").contains(document.activeElement);
    this.#over = true;
    this.#allowSpeech();
    this.#allowBargeIn();
    byId("log").append(element("p", { className: "over" }, `The call is over: ${how}. New call begins another.`));
    if (writing) {
      // A control that is turned off drops the focus.
      byId("new-call").focus();
    }
  }

  #begin() {
    this.#scale = new TimeScale((text) => {
      byId("talk-scale").textContent = text;
      byId("talk-scale").hidden = false;
    });
    byId("talk-scale").hidden = true;
    this.#open();
  }

  /** What stands before the first turn: the system message, and the greeting, which the platform says. */
  #open() {
    if (this.#turns > 0 || this.#over) {
      return;
    }
    const { greeting, system } = this.#callData;
    const said = this.#opening?.querySelector("[data-part=greeting]")?.textContent ?? "";
    this.#opening?.remove();
    this.#opening = greeting || system ? openingElement(greeting, system) : null;
    this.#conversation.greet(greeting);
    byId("talk-empty").hidden = this.#opening !== null;
    byId("log").prepend(...(this.#opening ? [this.#opening] : []));
    if (greeting && greeting !== said && byId("speak").checked) {
      this.#voice?.cancel();
      this.#voice = new Voice(() => this.#allowBargeIn());
      this.#voice.push(greeting);
      this.#voice.finish();
    }
    this.#allowBargeIn();
  }

  #newCall() {
    this.#turn?.bargeIn();
    this.#voice?.cancel();
    this.#turn = null;
    this.#voice = null;
    this.#running = Promise.resolve();
    this.#turns = 0;
    this.#over = false;
    this.#conversation.clear();
    this.#callData.newCall();
    this.#latest = null;
    this.#opening = null;
    byId("log").replaceChildren();
    showFailure(byId("say-error"), null);
    this.#begin();
    this.#allowSpeech();
    announce("New call.");
    this.#speech.focus();
  }

  #allowSpeech() {
    for (const control of [this.#speech, byId("send"), byId("dictate")]) {
      control.disabled = this.#over;
    }
    this.#speech.placeholder = this.#over ? "The call is over" : "What the caller says";
  }

  /** Who scrolls up wants to read there; who comes back to the end wants to follow. */
  #noticeScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    if (scrollTop < this.#lastTop) {
      this.#following = false;
    }
    if (scrollHeight - scrollTop - clientHeight < 60) {
      this.#following = true;
    }
    this.#lastTop = scrollTop;
  }

  #follow() {
    if (this.#following) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
  }
}

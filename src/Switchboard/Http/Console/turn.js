// One turn: asks as the platform asks, and reads the answer as it streams.

/** The body exactly as the real-time workflow puts it together; what is not given is left out. */
function turnBody(model, messages, callData) {
  const extendData = {
    instanceId: callData.instanceId,
    channelId: callData.channelId,
    sentenceId: /^\d{1,9}$/.test(callData.sentenceId) ? Number(callData.sentenceId) : callData.sentenceId,
  };
  for (const name of ["userData", "callerNumber", "calleeNumber"]) {
    if (callData[name]) {
      extendData[name] = callData[name];
    }
  }
  return { messages, model, stream: true, extendData };
}

/** The platform maps the name that it hangs up on (IMS: FunctionMap); these are the usual ones. */
function isHangUp(toolName) {
  return /^(hang_?up|end_?call)$/i.test(toolName);
}

class Turn {
  /** All that was received of the answer, marks included, as the history keeps it. */
  text = "";
  frames = [];
  /** When each piece that is spoken came, in milliseconds. */
  spokenAt = [];
  total = null;
  interrupted = false;
  /** Whether the caller hung up, which interrupts it too. */
  hungUp = false;
  /** By which the log of the server knows it; null before it is known. */
  requestId = null;
  /** What the server told of its end: {outcome, error, firstSpeechMs, firstAnswerMs}; null where it told nothing. */
  told = null;
  /** Why the model stopped, as it says; null before it did. */
  finishReason = null;
  /** What ends the call after this turn: "hangup" or "transfer". */
  ending = null;

  #abort = new AbortController();
  #scanner = new DirectiveScanner();
  #calls = [];
  #done = false;
  #failure = null;
  #show;

  /** @param show Is told what comes: frame({at, raw}), part(kind, text), toolCall(name, argumentsText). */
  constructor(show) {
    this.#show = show;
  }

  bargeIn() {
    this.interrupted = true;
    this.#abort.abort();
  }

  hangUp() {
    this.hungUp = true;
    this.bargeIn();
  }

  /** Whether the platform lets nobody interrupt this answer: it looks for the mark at the beginning only. */
  get isUninterruptible() {
    return /^\s*<no interrupting>/i.test(this.text);
  }

  /** Ends when the answer has, or the caller interrupts. Throws a Failure for anything else. */
  async run(key, query, body) {
    const begun = performance.now();
    try {
      const response = await ask("v1/chat/completions", key, { query, body, headers: { "X-Switchboard-Outcome": "tell" }, signal: this.#abort.signal });
      this.requestId = response.headers.get("x-request-id");
      const type = response.headers.get("Content-Type") ?? "nothing";
      if (!type.startsWith("text/event-stream")) {
        throw new Failure("This answer is not Switchboard’s", "Something between this page and the server answers in its place.", { detail: `The answer is ${type} where text/event-stream was asked for.` });
      }
      await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader(), begun);
    } catch (fault) {
      if (!this.interrupted) {
        throw fault instanceof Failure ? fault : new Failure("Broken off", "The connection broke while the answer came. Does the server still run?", { detail: fault.message, code: "cut_off" });
      }
    } finally {
      this.total = performance.now() - begun;
      this.#take(this.#scanner.complete(), this.total);
      this.#endCalls();
    }
    if (this.#failure && !this.interrupted) {
      throw this.#failure;
    }
  }

  async #read(reader, begun) {
    const parser = new EventStreamParser();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const at = performance.now() - begun;
      for (const { data, raw } of parser.push(piece.value)) {
        const outcome = /^: outcome (\{.*\})$/.exec(raw);
        if (outcome) {
          // Written for this page, and no part of what the platform gets.
          this.told = JSON.parse(outcome[1]);
          continue;
        }
        this.#frame(raw, at);
        if (data !== null) {
          this.#event(data, at);
        }
      }
    }
    const rest = parser.rest();
    if (rest !== null) {
      this.#frame(rest, performance.now() - begun);
    }
    if (!this.#done) {
      this.#failure ??= new Failure("Cut off", "The answer ended before the server said that it was whole: what came may not be all.", { detail: "The stream ended without [DONE].", code: "cut_off" });
    }
  }

  #frame(raw, at) {
    const frame = { at, raw };
    this.frames.push(frame);
    this.#show.frame(frame);
  }

  #event(data, at) {
    if (data.trim() === "[DONE]") {
      this.#done = true;
      return;
    }
    let chunk;
    try {
      chunk = JSON.parse(data);
    } catch {
      this.#failure ??= new Failure("A piece of the answer cannot be read", "It stands among the frames below.", { detail: "An event of the stream is not JSON." });
      return;
    }
    if (chunk?.error) {
      this.#failure ??= Failure.of(chunk.error, { requestId: this.requestId });
    }
    this.finishReason = chunk?.choices?.[0]?.finish_reason ?? this.finishReason;
    const delta = chunk?.choices?.[0]?.delta;
    if (typeof delta?.content === "string" && delta.content !== "") {
      this.text += delta.content;
      this.#take(this.#scanner.push(delta.content), at);
    }
    for (const call of Array.isArray(delta?.tool_calls) ? delta.tool_calls : []) {
      this.#toolCall(call);
    }
  }

  #take(parts, at) {
    for (const { kind, text } of parts) {
      if (kind === "spoken" && text.trim() !== "") {
        this.spokenAt.push(at);
      } else if (kind === "hangup" || kind === "transfer") {
        this.ending ??= kind;
      }
      this.#show.part(kind, text);
    }
  }

  // An entry that names a function begins a call; entries without a name go on with the call of their index.
  #toolCall({ index, function: called }) {
    if (called?.name) {
      this.#calls.push({ index, name: called.name, argumentsText: "" });
    }
    const open = this.#calls.findLast((call) => call.index === index);
    if (open) {
      open.argumentsText += called?.arguments ?? "";
    }
  }

  #endCalls() {
    for (const { name, argumentsText } of this.#calls) {
      if (isHangUp(name)) {
        this.ending ??= "hangup";
      }
      this.#show.toolCall(name, argumentsText);
    }
  }
}

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

  /** Whether the platform lets nobody interrupt this answer: it looks for the mark at the beginning only. */
  get isUninterruptible() {
    return /^\s*<no interrupting>/i.test(this.text);
  }

  /** Ends when the answer has, or the caller interrupts. Throws a Failure for anything else. */
  async run(key, query, body) {
    const begun = performance.now();
    try {
      const response = await ask("v1/chat/completions", key, { query, body, signal: this.#abort.signal });
      const type = response.headers.get("Content-Type") ?? "nothing";
      if (!type.startsWith("text/event-stream")) {
        throw new Failure("No stream", `The answer is ${type} where text/event-stream was asked for.`);
      }
      await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader(), begun);
    } catch (fault) {
      if (!this.interrupted) {
        throw fault instanceof Failure ? fault : new Failure("Broken off", `The connection broke while the answer came: ${fault.message}.`);
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
      this.#failure ??= new Failure("Cut off", "The stream ended without [DONE]: what came may not be all.");
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
      this.#failure ??= new Failure("Not JSON", "An event of the stream is not JSON; it stands among the frames.");
      return;
    }
    if (chunk?.error) {
      this.#failure ??= Failure.of(chunk.error);
    }
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

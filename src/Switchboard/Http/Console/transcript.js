// Shows what was said on a call.

class Transcript {
  #place = byId("transcript");
  #call = null;
  #slowest = 1;

  /** The call that is shown; null for none. */
  get instanceId() {
    return this.#call?.instanceId ?? null;
  }

  show(call) {
    this.#call = call;
    // A scale of a second at least, so that quick turns look quick.
    this.#slowest = Math.max(1000, ...call.turns.map((turn) => turn.firstSpeechMs ?? 0));
    const speeches = call.turns.map((turn) => turn.firstSpeechMs).filter((first) => first !== null);
    const facts = [counted(call.turns.length, "turn"), call.channelId && `channel ${call.channelId}`, call.direction, lineOf(call), speeches.length > 0 && `slowest first speech ${duration(Math.max(...speeches))}`, call.hasMore && "more are stored, these are the first"];
    this.#place.replaceChildren(
      element("header", {}, textElement("h3", { className: "id" }, call.instanceId), textElement("p", { className: "note" }, facts.filter(Boolean).join(" · ")),
        ...(call.endings ?? []).map((ending) => textElement("p", { className: ending.event === "error" ? "fault" : "note", "data-part": "ending" }, endingText(ending)))),
      ...(call.outsideTurns ?? []).map((told) => element("article", { className: "turn", "aria-label": "Outside turns", "data-part": "outside" },
        element("header", {}, element("h3", {}, "Outside turns"), textElement("span", { className: "note" }, told.sentenceId ? `sentence ${told.sentenceId}` : "")), ...platformElements(told))),
      ...call.turns.map((turn, index) => this.#turn(turn, index + 1)));
  }

  note(text) {
    this.#call = null;
    this.#place.replaceChildren(textElement("p", { className: "note" }, text));
  }

  fail(failure) {
    this.#call = null;
    this.#place.replaceChildren(failureElement(failure));
  }

  /** Whether a turn of the call shown has the text. */
  holds(text) {
    return this.#call?.turns.some((turn) => turnHolds(turn, text)) || (this.#call?.outsideTurns?.some((told) => turnHolds({ told }, text)) ?? false);
  }

  /** Hides the turns that have not got the text; null shows all. */
  filter(text) {
    const shown = [...(this.#call.outsideTurns ?? []).map((told) => ({ told })), ...this.#call.turns];
    this.#place.querySelectorAll("article").forEach((article, index) => {
      article.hidden = text !== null && !turnHolds(shown[index], text);
    });
  }

  #turn(turn, number) {
    const source = [turn.platform, turn.model, turn.responder, turn.upstream].filter(Boolean).join(" · ");
    return element("article", { className: "turn", "aria-label": `Turn ${number}` },
      element("header", {}, element("h3", {}, `Turn ${number}`),
        element("time", { className: "note", dateTime: turn.startedAt }, utcTime(turn.startedAt)),
        textElement("span", { className: "note" }, source), stateElement(turn.outcome)),
      element("div", { className: "line" }, element("span", { className: "who" }, "Caller"), saidElement("heard", turn.heard, turn.heardLength)),
      element("div", { className: "line" }, element("span", { className: "who" }, "Answer"),
        element("div", { className: "grow" }, saidElement("spoken", turn.spoken, turn.spokenLength),
          ...(turn.cut ? [element("span", { className: "cut", "data-part": "cut", title: "The caller left before the end" }, "cut off")] : []))),
      ...(turn.told ? platformElements(turn.told) : []),
      element("div", { className: "events" }, ...turn.actions.map(actionElement),
        ...(turn.errorCode ? [textElement("p", { className: "fault", "data-part": "error" }, `Error ${turn.errorCode}`)] : [])),
      firstSpeechBar(turn.firstSpeechMs, this.#slowest),
      textElement("p", { className: "note facts" }, turnFacts(turn)));
  }
}

function turnHolds(turn, text) {
  return [turn.heard, turn.spoken, turn.told?.heard, turn.told?.spoken].some((said) => said?.toLowerCase().includes(text));
}

/** What the platform told of a turn: what it heard and really spoke, and how long it waited. */
function platformElements(told) {
  const waits = [["model", told.modelAskedAt, told.modelAnsweredAt], ["voice", told.voiceAskedAt, told.voiceAnsweredAt]]
    .filter(([, asked, answered]) => asked && answered)
    .map(([name, asked, answered]) => `${name} ${duration(Date.parse(answered) - Date.parse(asked))}`);
  return [
    ...(told.heardLength > 0 ? [element("div", { className: "line" }, element("span", { className: "who" }, "Heard"), saidElement("platform-heard", told.heard, told.heardLength))] : []),
    ...(told.spokenLength > 0 ? [element("div", { className: "line" }, element("span", { className: "who" }, "Spoken"), saidElement("platform-spoken", told.spoken, told.spokenLength))] : []),
    ...(waits.length > 0 ? [textElement("p", { className: "note", "data-part": "platform-times" }, `By the platform's clock, to the first of it: ${waits.join(", ")}`)] : []),
  ];
}

/** "*******0000 to 02155550000"; null where the platform told no number. */
function lineOf({ callerNumber, calleeNumber }) {
  return callerNumber || calleeNumber ? `${callerNumber ?? "unknown"} to ${calleeNumber ?? "unknown"}` : null;
}

function endingText({ event, code, message, at }) {
  return [`Ended: ${event.replaceAll("_", " ")}`, code && `code ${code}`, message, at && utcTime(at)].filter(Boolean).join(" · ");
}

/** What was said; where only its length was stored, that. */
function saidElement(part, text, length) {
  if (text === null) {
    return element("div", { className: "said note", "data-part": part }, `${counted(length, "character")}, not kept`);
  }
  const said = element("div", { className: `said ${part}`, dir: "auto", "data-part": part });
  const scanner = new DirectiveScanner();
  for (const { kind, text: stretch } of [...scanner.push(text), ...scanner.complete()]) {
    if (kind === "spoken") {
      appendText(said, stretch);
    } else {
      said.append(textElement("span", { className: "hidden", "data-part": "hidden" }, stretch));
    }
  }
  if (text === "") {
    said.append(element("span", { className: "note" }, "nothing"));
  }
  return said;
}

function actionElement({ name, arguments: given }) {
  const titles = { hangup: "Hang up", transfer: "Transfer" };
  const known = Object.hasOwn(titles, name);
  return eventElement(known ? titles[name] : "Tool call", [known ? "" : name, given && given !== "{}" ? given : ""].filter(Boolean).join(" "));
}

function turnFacts({ durationMs, promptTokens, cachedPromptTokens, completionTokens, sentenceId, key, requestId }) {
  return [
    durationMs !== null && `${duration(durationMs)} in all`,
    promptTokens !== null && completionTokens !== null && `${promptTokens}${cachedPromptTokens ? ` (${cachedPromptTokens} cached)` : ""} + ${completionTokens} tokens`,
    sentenceId && `sentence ${sentenceId}`,
    key && `key ${key}`,
    requestId,
  ].filter(Boolean).join(" · ");
}

/** "20:00:00" of a UTC time such as 2026-11-24T20:00:00.000Z. */
function utcTime(moment) {
  return moment.slice(11, 19);
}

function stateElement(outcome) {
  return textElement("span", { className: "state", "data-state": outcome }, outcome.replaceAll("_", " "));
}

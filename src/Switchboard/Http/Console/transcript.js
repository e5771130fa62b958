// Shows what was said on a call.

class Transcript {
  #place = byId("transcript");
  #call = null;
  #erase;

  /** @param erase Deletes the call of an instanceId, and tells whether it was still there; throws a Failure. */
  constructor(erase) {
    this.#erase = erase;
  }

  /** The call that is shown; null for none. */
  get instanceId() {
    return this.#call?.instanceId ?? null;
  }

  /** @param listed What the list tells of it; null where it is not listed. */
  show(call, listed) {
    this.#call = call;
    const scaleNote = element("p", { className: "note scale" });
    const scale = new TimeScale((text) => {
      scaleNote.textContent = text;
    });
    this.#place.replaceChildren(
      element("header", {},
        element("div", { className: "heading" }, textElement("h3", { className: "id" }, call.instanceId), copyButton(call.instanceId, "id of the call"), this.#eraseButton()),
        textElement("p", { className: "note" }, callFacts(call, listed)),
        ...(call.endings ?? []).map((ending) => textElement("p", { className: ending.event === "error" ? "fault" : "note", "data-part": "ending" }, endingText(ending))),
        scaleNote),
      ...(call.outsideTurns ?? []).map((told) => element("article", { className: "turn", "aria-label": "Outside turns", "data-part": "outside" },
        element("header", {}, element("h3", {}, "Outside turns"), textElement("span", { className: "note" }, told.sentenceId ? `sentence ${told.sentenceId}` : "")), ...platformElements(told))),
      ...call.turns.map((turn, index) => turnElement(turn, index + 1, scale)));
  }

  note(text) {
    this.#call = null;
    this.#place.replaceChildren(textElement("p", { className: "note" }, text));
  }

  fail(failure) {
    this.#call = null;
    this.#place.replaceChildren(failureElement(failure));
  }

  /** Points out the turns that have the text, and goes to the first of them; how many, or null where no text is looked for. */
  find(text, go) {
    const wanted = text.toLowerCase();
    const shown = [...(this.#call.outsideTurns ?? []).map((told) => ({ told })), ...this.#call.turns];
    const found = [...this.#place.querySelectorAll("article")].filter((article, index) => {
      const has = wanted !== "" && turnHolds(shown[index], wanted);
      article.classList.toggle("match", has);
      return has;
    });
    if (found.length > 0 && go) {
      // Within the transcript alone: the page stays where it is.
      this.#place.scrollTop = found[0].offsetTop - this.#place.offsetTop;
    }
    return wanted === "" || found.length === 0 ? null : found.length;
  }

  #eraseButton() {
    const button = element("button", { type: "button", className: "bad" }, "Delete");
    const { instanceId, turns, hasMore } = this.#call;
    const what = `${hasMore ? "more than " : ""}${counted(turns.length, "turn")}`;
    button.addEventListener("click", async () => {
      if (await confirmed("Delete this call?", `What is stored of ${instanceId} is deleted: ${what}, and what the platform told of it. Nobody can bring it back.`, "Delete")) {
        await this.#delete(instanceId, what, button);
      }
    });
    return button;
  }

  async #delete(instanceId, what, button) {
    const focus = focusLater();
    button.disabled = true;
    try {
      const text = (await this.#erase(instanceId)) ? `Deleted: call ${instanceId}, ${what}.` : `Call ${instanceId} was gone already.`;
      this.note(text);
      announce(text);
    } catch (fault) {
      button.disabled = false;
      button.closest("header").querySelector(".alert")?.remove();
      button.closest("header").append(failureElement(fault));
      focus(button);
    }
  }
}

function turnElement(turn, number, scale) {
  const source = [turn.platform, turn.model, turn.responder, turn.upstream].filter(Boolean).join(" · ");
  const wrong = turn.errorCode || !["completed", "caller_left"].includes(turn.outcome);
  return element("article", { className: "turn", "aria-label": `Turn ${number}` },
    element("header", {}, element("h3", {}, `Turn ${number}`),
      element("time", { className: "note", dateTime: turn.startedAt }, utcTime(turn.startedAt)),
      textElement("span", { className: "note" }, source), stateElement(turn.outcome)),
    element("div", { className: "line" }, element("span", { className: "who" }, "Caller"), saidElement("heard", turn.heard, turn.heardLength)),
    element("div", { className: "line" }, element("span", { className: "who" }, turn.outcome === "apologised" ? "Apology" : "Answer"),
      element("div", { className: "grow" }, saidElement("spoken", turn.spoken, turn.spokenLength),
        ...(turn.cut ? [element("span", { className: "cut", "data-part": "cut", title: "The caller left before the end" }, "cut off")] : []))),
    ...(turn.told ? platformElements(turn.told) : []),
    element("div", { className: "events" }, ...turn.actions.map(actionElement), ...failureElements(turn.upstreamFailures ?? []), ...(wrong ? [faultElement(turn.outcome, turn.errorCode)] : [])),
    storedTimeline(turn, scale),
    textElement("p", { className: "note facts" }, turnFacts(turn)),
    ...(turn.requestId ? [requestElement(turn.requestId)] : []));
}

function callFacts(call, listed) {
  const slowest = Math.max(...call.turns.map((turn) => turn.firstAnswerMs ?? 0));
  const costs = call.turns.map((turn) => turn.cost).filter((cost) => typeof cost === "number");
  return [
    counted(call.turns.length, "turn"),
    listed?.lengthMs && callLength(listed.lengthMs),
    call.channelId && `channel ${call.channelId}`,
    call.direction,
    lineOf(call),
    slowest > 0 && `slowest answer ${duration(slowest)}`,
    costs.length > 0 && `cost ${amount(costs.reduce((total, cost) => total + cost, 0))}`,
    call.hasMore && "more are stored, these are the first",
  ].filter(Boolean).join(" · ");
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

/** Which upstreams failed in a turn, and how, in the words of the overview: "a.example.com: status 500 · b.example.com: silent". */
function failureElements(failures) {
  const text = failures.map(({ upstream, reason }) => [upstream, reason].filter(Boolean).join(": ")).join(" · ");
  return failures.length === 0 ? [] : [element("p", { className: "cut", "data-part": "failures" },
    element("strong", {}, failures.length === 1 ? "Upstream failed." : "Upstreams failed."), " ", textElement("span", {}, text))];
}

function turnFacts({ promptTokens, cachedPromptTokens, completionTokens, cost, sentenceId, requests, worseOutcome, settings, key, keyName }) {
  return [
    promptTokens !== null && completionTokens !== null && `${promptTokens}${cachedPromptTokens ? ` (${cachedPromptTokens} cached)` : ""} + ${completionTokens} tokens`,
    typeof cost === "number" && `cost ${amount(cost)}`,
    sentenceId && `sentence ${sentenceId}`,
    requests > 1 && `asked ${requests} times${worseOutcome ? `, at worst ${outcomeName(worseOutcome)}` : ""}`,
    settings && `settings ${settings}`,
    (keyName || key) && `key ${keyName ?? key}`,
  ].filter(Boolean).join(" · ");
}

/** A sum in the currency of the prices, small ones too: 0.00042. */
function amount(sum) {
  return sum === 0 ? "0" : sum >= 0.1 ? sum.toFixed(2) : sum.toFixed(6).replace(/0+$/, "");
}

/** "20:00:00" of a UTC time such as 2026-11-24T20:00:00.000Z. */
function utcTime(moment) {
  return moment.slice(11, 19);
}

function stateElement(outcome) {
  return textElement("span", { className: "state", "data-state": outcome, title: wordsFor(outcomes, outcome)?.[1] ?? "" }, outcomeName(outcome));
}

// The form "Find calls": which calls of which day.

// By the names that the server knows them by, and the address.
const searchFields = ["day", "outcome", "failed", "model", "action", "q"];

// What only a link asks for, such as a bar of the overview: what is said of it, and whether a call of the list is meant.
const linkedSearch = {
  hour: {
    text: (hour) => (hour === "24" ? "after midnight" : `${hour.padStart(2, "0")}:00 to ${String(Number(hour) + 1).padStart(2, "0")}:00`),
    takes: (call, hour, day) => hourOf(call.startedAt, day) <= Number(hour) && Math.min(24, hourOf(call.lastTurnAt, day)) >= Number(hour),
  },
};

class CallSearch {
  #linked = {};
  #changed;

  /** @param changed Is called when something is no longer asked for. */
  constructor(changed) {
    this.#changed = changed;
    this.fill({ day: today() });
  }

  /** All that is asked for; the server is asked for {@link searchQuery} of it. */
  get fields() {
    return { ...Object.fromEntries(searchFields.map((name) => [name, fieldOf(name).value.trim()])), ...this.#linked };
  }

  fill(values) {
    for (const name of searchFields) {
      fieldOf(name).value = values[name] ?? "";
    }
    this.#linked = Object.fromEntries(Object.keys(linkedSearch).filter((name) => values[name]).map((name) => [name, values[name]]));
    this.#showLinked();
    // Several outcomes, one that a newer server knows, or any upstream are looked for all the same.
    for (const [name, text] of [["outcome", (outcome) => outcome.split(",").map(outcomeName).join(" or ")], ["failed", upstreamFailed]]) {
      if (values[name] && fieldOf(name).value === "") {
        fieldOf(name).append(textElement("option", { value: values[name] }, text(values[name])));
        fieldOf(name).value = values[name];
      }
    }
  }

  #showLinked() {
    byId("linked").replaceChildren(...Object.entries(this.#linked).map(([name, value]) => {
      const text = linkedSearch[name].text(value);
      const button = element("button", { type: "button", ariaLabel: `No longer only: ${text}` }, "✕");
      button.addEventListener("click", () => {
        delete this.#linked[name];
        this.#showLinked();
        this.#changed();
      });
      return element("span", { className: "linked" }, textElement("span", {}, text), button);
    }));
  }

  /** Offers the models, the actions and the failed upstreams of these calls in the fields. */
  suggest(calls) {
    for (const [list, names, text] of [
      ["models", calls.map((call) => call.model), () => ""],
      ["actions", calls.flatMap((call) => call.actions), () => ""],
      ["failed", calls.flatMap((call) => call.failedUpstreams ?? []), upstreamFailed],
    ]) {
      const known = [...byId(list).children].map((option) => option.value);
      byId(list).append(...[...new Set(names)].filter((name) => name && !known.includes(name)).map((name) => textElement("option", { value: name }, text(name))));
    }
  }
}

function upstreamFailed(name) {
  return `${name} failed`;
}

// The side Talk has a field "Model" of its own.
function fieldOf(name) {
  return byId(name === "model" ? "call-model" : name);
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

/** Whether only some of the day's calls are asked for. */
function isSearch(asked) {
  return Object.entries(asked).some(([name, value]) => name !== "day" && value);
}

/** One entry for each instanceId: a call that was asked with two keys is listed twice, and its transcript has both. */
function merged(calls) {
  const found = new Map();
  for (const call of calls) {
    const newer = found.get(call.instanceId);
    found.set(call.instanceId, newer ? {
      ...call, ...newer,
      ...spanOf([newer, call]),
      turns: newer.turns + call.turns,
      actions: [...call.actions, ...newer.actions],
      outcome: worst(newer.outcome, call.outcome),
      slowestAnswerMs: Math.max(newer.slowestAnswerMs ?? 0, call.slowestAnswerMs ?? 0) || null,
      firstWords: call.firstWords ?? newer.firstWords,
      failedUpstreams: [...new Set([...(call.failedUpstreams ?? []), ...(newer.failedUpstreams ?? [])])],
    } : call);
  }
  return [...found.values()];
}

/** From the first of several rows to the end of the last. */
function spanOf(calls) {
  const [startedAt, lastTurnAt] = [Math.min(...calls.map((call) => Date.parse(call.startedAt))), Math.max(...calls.map((call) => Date.parse(call.lastTurnAt)))];
  const ends = calls.filter((call) => call.lengthMs !== null && call.lengthMs !== undefined).map((call) => Date.parse(call.startedAt) + call.lengthMs);
  return { startedAt: new Date(startedAt).toISOString(), lastTurnAt: new Date(lastTurnAt).toISOString(), lengthMs: ends.length > 0 ? Math.max(...ends) - startedAt : null };
}

/** What the server looks for. */
function searchQuery(asked) {
  return Object.fromEntries(searchFields.map((name) => [name, asked[name]]));
}

/** Whether a call that the server found is meant by the link, too. */
function isLinked(call, asked) {
  return Object.entries(linkedSearch).every(([name, { takes }]) => !asked[name] || takes(call, asked[name], asked.day));
}

/** The hours from the beginning of the day to a moment. */
function hourOf(moment, day) {
  return Math.floor((Date.parse(moment) - Date.parse(`${day}T00:00:00Z`)) / 3_600_000);
}

function thousands(number) {
  return number.toLocaleString("en");
}

// The part "Overview": what the calls of a day come to, for all models or one.

// Turns of today come in while somebody looks; more often would tell little more.
const overviewPause = 30_000;

// In the order of the list of calls: the worst is on top of the bars.
const outcomeColours = { completed: "green", caller_left: "pale", refused: "grey", stopped: "violet", apologised: "orange", failed: "red" };

const upstreamColours = ["red", "orange", "violet", "amber", "blue", "grey"];

class Overview {
  #day = byId("overview-day");
  #model = byId("overview-model");
  #found = byId("overview-found");
  #upstreams = element("div", { className: "plot wide-table", tabIndex: 0, role: "region", ariaLabel: "Upstreams" });
  #plots = [];
  // Which plots there are.
  #names = "";
  #shown = null;
  #readAt = null;
  #failure = null;
  #loading = new AbortController();
  #timer = 0;

  constructor() {
    this.#day.value = today();
    byId("overview-find").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go();
    });
    this.#day.addEventListener("change", () => this.#go());
    this.#model.addEventListener("change", () => this.#go());
    byId("day-before").addEventListener("click", () => this.#step(-1));
    byId("day-after").addEventListener("click", () => this.#step(1));
    document.addEventListener("visibilitychange", () => this.#schedule(0));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plots.forEach((plot) => plot.draw()));
    place.on("overview", (values) => this.#arrive(values));
  }

  #arrive({ day, model }) {
    this.#day.value = day || this.#day.value || today();
    this.#choose(model ?? "");
    if (operatorKey.value !== "") {
      this.#load();
    }
  }

  #step(days) {
    const day = new Date(`${this.#day.value}T00:00:00Z`);
    if (!Number.isNaN(day.getTime())) {
      this.#day.value = new Date(day.getTime() + days * 86_400_000).toISOString().slice(0, 10);
      this.#go();
    }
  }

  /** Loads what the fields say, and lets the address say it too. */
  #go() {
    place.go("overview", { day: this.#day.value, model: this.#model.value });
    if (operatorKey.value === "") {
      this.#fail(new Failure("No key", "Type the operator key in first."));
      byId("overview-key").focus();
    }
  }

  async #load() {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    byId("overview-show").ariaBusy = "true";
    try {
      const overview = await readOverview(operatorKey.value, this.#day.value, this.#model.value, signal);
      this.#readAt = new Date();
      this.#fail(null);
      this.#show(overview);
    } catch (fault) {
      if (!signal.aborted) {
        this.#fail(fault);
      }
    } finally {
      if (this.#loading.signal === signal) {
        byId("overview-show").ariaBusy = "false";
        this.#schedule(overviewPause);
      }
    }
  }

  /** What was shown stays: an outage makes it no less true, only old. */
  #fail(failure) {
    if (failure && this.#shown && this.#readAt) {
      failure.message += ` The figures below are of ${this.#shown.day}, as they were at ${this.#readAt.toISOString().slice(11, 19)} UTC.`;
    }
    if (failure?.message !== this.#failure?.message) {
      showFailure(byId("overview-error"), failure);
    }
    this.#failure = failure;
  }

  /** Today is asked for again while it is looked at; a past day does not change, and a key that is refused stays so. */
  #schedule(pause) {
    clearTimeout(this.#timer);
    const isToday = this.#day.value === today();
    const isRefused = this.#failure?.status >= 400 && this.#failure.status < 500;
    if (isToday && !isRefused && this.#shown && document.visibilityState === "visible") {
      this.#timer = setTimeout(() => (place.part === "overview" ? this.#load() : this.#schedule(overviewPause)), pause);
    }
  }

  #choose(model) {
    if (model !== "" && ![...this.#model.options].some(({ value }) => value === model)) {
      this.#model.append(textElement("option", { value: model }, model));
    }
    this.#model.value = model;
  }

  #show(overview) {
    const news = this.#shown?.day !== overview.day || this.#shown?.model !== overview.model;
    this.#shown = overview;
    const chosen = overview.model ?? "";
    this.#model.replaceChildren(element("option", { value: "" }, "All models"), ...overview.models.map((id) => textElement("option", { value: id }, id)));
    this.#choose(chosen);
    byId("overview-empty").hidden = true;
    this.#found.hidden = false;
    const { total, hours } = overview;
    byId("overview-note").replaceChildren(...noteElements(overview, this.#readAt));
    byId("overview-tiles").replaceChildren(...tiles(overview, (search) => this.#openCalls(search)));
    byId("overview-none").hidden = total.turns > 0;
    byId("overview-plots").hidden = total.turns === 0;
    if (total.turns > 0) {
      this.#draw(hours, total, overview.upstreams, news);
    }
    if (news) {
      this.#found.scrollTop = 0;
      announce(`Overview of ${overview.day}: ${counted(total.calls, "call")}, ${counted(total.turns, "turn")}.`);
    }
  }

  /** A day that is read again keeps its plots, so that neither the focus nor an open table is lost. */
  #draw(hours, total, upstreams, news) {
    const specs = this.#specs(total, upstreams);
    const names = JSON.stringify(specs.map(({ id, series }) => [id, series.map(({ name }) => name)]));
    if (news || this.#names !== names) {
      this.#names = names;
      this.#plots = specs.map((spec) => new HourPlot(spec));
      byId("overview-plots").replaceChildren(...this.#plots.map((plot) => plot.element), this.#upstreams);
    }
    this.#plots.forEach((plot) => plot.show(hours, total));
    this.#upstreams.replaceChildren(upstreamTable(upstreams, (failed) => this.#openCalls({ failed })));
  }

  #specs(total, upstreams) {
    const open = ({ hour }) => this.#openCalls({ hour });
    const outcomes = Object.keys(outcomeColours).filter((outcome) => total.callOutcomes[outcome] > 0);
    const failing = upstreams.filter(({ name }) => total.failures[name] > 0).slice(0, upstreamColours.length).map(({ name }) => name);
    const spec = (id, title, series, more = {}) => ({ id, title, series, open, ...more });
    return [
      spec("calls", "Calls and turns", [
        { name: "Calls", colour: "blue", of: ({ calls }) => calls, text: figure, open },
        { name: "Turns", colour: "grey", line: true, right: true, of: ({ turns }) => turns, text: figure },
      ]),
      spec("answers", "First answer", [
        { name: "p50", colour: "green", line: true, of: ({ firstAnswer }) => firstAnswer?.p50 ?? null, text: duration },
        { name: "p95", colour: "amber", line: true, of: ({ firstAnswer }) => firstAnswer?.p95 ?? null, text: duration },
        { name: "p99", colour: "red", line: true, dash: [5, 4], of: ({ firstAnswer }) => firstAnswer?.p99 ?? null, text: duration },
      ], { axis: (value) => (value >= 1000 ? `${value / 1000} s` : `${value} ms`) }),
      spec("outcomes", "Outcomes of calls", outcomes.map((outcome) => ({
        name: outcomeName(outcome), colour: outcomeColours[outcome], of: ({ callOutcomes }) => callOutcomes[outcome] ?? 0, text: figure, open: ({ hour }) => this.#openCalls({ hour, outcome }),
      }))),
      ...(failing.length === 0 ? [] : [spec("failures", "Failures of upstreams", failing.map((name, index) => ({
        name, colour: upstreamColours[index], of: ({ failures }) => failures[name] ?? 0, text: figure, open: ({ hour }) => this.#openCalls({ hour, failed: name }),
      })))]),
      spec("tokens", total.priced > 0 ? "Tokens and cost" : "Tokens", [
        { name: "cached", colour: "pale", of: ({ cachedPromptTokens }) => cachedPromptTokens, text: figure, open },
        { name: "prompt", colour: "blue", of: ({ promptTokens, cachedPromptTokens }) => promptTokens - cachedPromptTokens, text: figure, open },
        { name: "completion", colour: "violet", of: ({ completionTokens }) => completionTokens, text: figure, open },
        ...(total.priced > 0 ? [{ name: "cost", colour: "amber", line: true, right: true, of: ({ cost }) => cost, text: money, axis: money, incrs: moneySteps }] : []),
      ]),
    ];
  }

  /** Leads to the calls behind a figure. */
  #openCalls(search) {
    openCalls({ day: this.#shown.day, model: this.#shown.model ?? "", ...search });
  }
}

const moneySteps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** (power - 6))).flat();

/** Shows the calls of a day that are looked for: {day, hour, outcome, model, failed}. */
function openCalls(search) {
  place.go("calls", Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value ?? "")])));
}

function noteElements({ day, model, countedSince, uncounted }, readAt) {
  const offset = -new Date(`${day}T12:00:00Z`).getTimezoneOffset();
  const here = offset === 0 ? "" : ` 12:00 is ${new Date(`${day}T12:00:00Z`).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })} where you are.`;
  const notes = [textElement("p", { className: "note" },
    `Calls that began on ${day} (UTC)${model ? `, turns of ${model}` : ""}, as of ${readAt.toISOString().slice(11, 19)} UTC. Hours are UTC.${here} A click on a bar shows the calls behind it.`)];
  if (countedSince) {
    notes.push(element("p", { className: "partial", "data-part": "partial" }, `There were more calls than are counted at once: these are those that began at ${countedSince.slice(11, 19)} UTC or later.`));
  }
  if (uncounted > 0) {
    notes.push(element("p", { className: "partial", "data-part": "partial" }, `${counted(uncounted, "turn")} of these calls ${uncounted === 1 ? "is" : "are"} in no figure: stored by an earlier version, or of a call with too many models and upstreams to count.`));
  }
  return notes;
}

function tiles({ total, upstreams }, open) {
  const bad = ["failed", "apologised"].map((outcome) => [outcome, total.callOutcomes[outcome] ?? 0]);
  const failures = Object.values(total.failures).reduce((sum, count) => sum + count, 0);
  const share = total.promptTokens > 0 && total.cachedPromptTokens > 0 ? `, ${Math.round((100 * total.cachedPromptTokens) / total.promptTokens)} % of the prompts cached` : "";
  const answer = total.firstAnswer;
  return [
    tile("Calls", figure(total.calls), counted(total.turns, "turn")),
    tile("First answer, median", answer ? duration(answer.p50) : "–", answer ? `p95 ${duration(answer.p95)} · p99 ${duration(answer.p99)}` : "no answer yet"),
    ...bad.map(([outcome, count]) => tile(outcome === "failed" ? "Failed calls" : "Apologised calls", figure(count), total.calls > 0 ? `${((100 * count) / total.calls).toFixed(1)} % of the calls` : "", count > 0 ? () => open({ outcome }) : null, count > 0)),
    tile("Failures of upstreams", figure(failures), counted(upstreams.filter(({ name }) => total.failures[name] > 0).length, "upstream"), failures > 0 ? () => open({ failed: "*" }) : null, failures > 0),
    tile("Tokens", figure(total.promptTokens + total.completionTokens), `${figure(total.completionTokens)} of them answers${share}`),
    ...(total.priced > 0 ? [tile("Cost", money(total.cost), total.priced < total.turns ? `of ${figure(total.priced)} of ${counted(total.turns, "turn")}` : "in the currency of your prices")] : []),
  ];
}

function tile(name, value, note, open = null, isBad = false) {
  return element("div", { className: isBad ? "tile bad" : "tile" }, element("dt", {}, name),
    element("dd", {}, open ? openButton(value, `${value} ${name.toLowerCase()}: show them`, open) : value, textElement("small", {}, note)));
}

function upstreamTable(upstreams, open) {
  const head = ["Upstream", "Turns", "Failures", "p50", "p95", "p99", "Tokens", "Cost"];
  return element("table", {}, element("caption", {}, "Upstreams"),
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...upstreams.map(({ name, turns, failures, firstAnswer, promptTokens, completionTokens, cost }) => {
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
      const reasons = Object.entries(failures).sort(([, one], [, other]) => other - one).map(([reason, count]) => `${reason} × ${figure(count)}`).join(", ");
      return element("tr", {},
        textElement("th", { scope: "row" }, name),
        element("td", {}, figure(turns)),
        element("td", { className: failed > 0 ? "bad" : "" }, failed > 0 ? openButton(figure(failed), `${figure(failed)} failures of ${name}: show the calls`, () => open(name)) : "0", ...(failed > 0 ? [textElement("small", {}, ` ${reasons}`)] : [])),
        ...[firstAnswer?.p50, firstAnswer?.p95, firstAnswer?.p99].map((time) => element("td", {}, valueText(time, duration))),
        element("td", {}, figure(promptTokens + completionTokens)),
        element("td", {}, valueText(cost, money)));
    })));
}

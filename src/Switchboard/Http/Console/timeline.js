// Draws when speech came, to scale, with a label that says the same. Lengths in the pictures are milliseconds; what is seen of them is
// the scale of the call, so that a long bar is a long time on every turn.

const scaleSteps = [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 300, 600];

/** The one scale of the bars of a call, from 0 to what the longest turn needs, a second at least: so that quick turns look quick. */
class TimeScale {
  #pictures = [];
  #seconds = scaleSteps[0];
  #changed;

  /** @param changed Is told the scale in words, also when it grows. */
  constructor(changed) {
    this.#changed = changed;
  }

  add(picture, milliseconds) {
    this.#pictures.push(picture);
    this.#seconds = Math.max(this.#seconds, scaleSteps.find((step) => step * 1000 >= milliseconds) ?? Math.ceil(milliseconds / 1000));
    for (const one of this.#pictures) {
      one.setAttribute("viewBox", `0 0 ${this.#seconds * 1000} 10`);
    }
    this.#changed(`Bars from 0 to ${this.#seconds} s`);
  }
}

/** First speech, the longest silence inside the speech, and the end. */
function turnTimes(spokenAt, total) {
  const gaps = spokenAt.slice(1).map((at, index) => at - spokenAt[index]);
  return { first: spokenAt[0] ?? null, gap: Math.max(0, ...gaps), total };
}

function timesLabel({ first, answer = null, gap = null, total }) {
  return [first === null ? "No speech" : `First speech ${duration(first)}`, answer !== null && `first answer ${duration(answer)}`,
    first !== null && gap !== null && `longest gap ${duration(gap)}`, `total ${duration(total)}`].filter(Boolean).join(", ");
}

/** The same in short, to be set in lines that break only between them. */
function shortTimes({ first, answer = null, gap = null, total }) {
  return [first === null ? "no speech" : `first ${duration(first)}`, answer !== null && `answer ${duration(answer)}`,
    first !== null && gap !== null && `gap ${duration(gap)}`, `total ${duration(total)}`].filter(Boolean);
}

/**
 * A turn of Talk from its request to its end: waiting, then what stood in for an answer, then speech, with a mark for each piece. That the first
 * piece was a filler only the server knows: what lies between its two times, if it told them, is added to the time of the first piece here.
 */
function turnTimeline(spokenAt, total, told, scale) {
  const times = turnTimes(spokenAt, total);
  const { firstSpeechMs: speech, firstAnswerMs: answer } = told ?? {};
  if (times.first !== null && Number.isFinite(speech) && Number.isFinite(answer) && answer >= speech) {
    times.answer = Math.min(total, times.first + answer - speech);
  }
  times.stoodIn = wasStandIn(told?.outcome) && answer === null;
  return timesElement(times, spokenAt, scale);
}

/** Whether what was heard of a turn without an answer was a filler or an apology. */
function wasStandIn(outcome) {
  return ["apologised", "failed"].includes(outcome);
}

/** A stored turn: waiting, then what stood in for an answer, such as a filler, then the answer. */
function storedTimeline({ firstSpeechMs, firstAnswerMs = null, durationMs, outcome }, scale) {
  const total = Math.max(durationMs ?? 0, firstSpeechMs ?? 0, firstAnswerMs ?? 0);
  const times = { first: firstSpeechMs, answer: firstAnswerMs, total, stoodIn: wasStandIn(outcome) && firstAnswerMs === null };
  return timesElement(times, [times.first, times.answer].filter((at) => at !== null), scale);
}

function timesElement(times, marks, scale) {
  const { first, answer = null, total, stoodIn = false } = times;
  const strip = svgElement("svg", { class: "strip", role: "img", "aria-label": timesLabel(times), preserveAspectRatio: "none" });
  strip.append(svgElement("rect", { class: "waiting", x: 0, y: 3, width: first ?? total, height: 4 }));
  if (first !== null) {
    const speech = answer ?? (stoodIn ? total : first);
    strip.append(svgElement("rect", { class: "standing-in", x: first, y: 2, width: Math.max(0, speech - first), height: 6 }));
    strip.append(svgElement("rect", { class: "speaking", x: speech, y: 2, width: Math.max(0, total - speech), height: 6 }));
  }
  for (const at of marks) {
    strip.append(svgElement("line", { class: "piece", x1: at, x2: at, y1: 0, y2: 10 }));
  }
  scale.add(strip, total);
  return element("div", { className: "times" }, strip, element("span", { className: "note", ariaHidden: "true" },
    ...shortTimes(times).flatMap((time, index, all) => [element("span", {}, index < all.length - 1 ? `${time} ·` : time), " "])));
}

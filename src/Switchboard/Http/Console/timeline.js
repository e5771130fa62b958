// Draws when speech came, to scale, with a label that says the same.

/** First speech, the longest silence inside the speech, and the end. */
function turnTimes(spokenAt, total) {
  const gaps = spokenAt.slice(1).map((at, index) => at - spokenAt[index]);
  return { first: spokenAt[0] ?? null, gap: Math.max(0, ...gaps), total };
}

function timesLabel({ first, gap, total }) {
  return first === null
    ? `No speech, total ${duration(total)}`
    : `First speech ${duration(first)}, longest gap ${duration(gap)}, total ${duration(total)}`;
}

function shortTimes({ first, gap, total }) {
  return first === null ? `total ${duration(total)}` : `first ${duration(first)} · gap ${duration(gap)} · total ${duration(total)}`;
}

// The wide picture is stretched to the width that it gets, so its lengths are thousandths of it.
const pictureWidth = 1000;

/** The turn from its request to its end: waiting, then speech with a mark for each piece. */
function turnTimeline(spokenAt, total) {
  const times = turnTimes(spokenAt, total);
  const scale = (at) => Math.min(pictureWidth, (at / Math.max(total, 1)) * pictureWidth);
  const strip = svgElement("svg", {
    class: "strip", role: "img", "aria-label": timesLabel(times), viewBox: `0 0 ${pictureWidth} 10`, preserveAspectRatio: "none",
  });
  strip.append(svgElement("rect", { class: "waiting", x: 0, y: 3, width: scale(times.first ?? total), height: 4 }));
  if (times.first !== null) {
    strip.append(svgElement("rect", { class: "speaking", x: scale(times.first), y: 2, width: pictureWidth - scale(times.first), height: 6 }));
  }
  for (const at of spokenAt) {
    strip.append(svgElement("line", { class: "piece", x1: scale(at), x2: scale(at), y1: 0, y2: 10 }));
  }
  return element("div", { className: "times" }, strip, element("span", { className: "note", ariaHidden: "true" }, shortTimes(times)));
}

/** How long the caller waited, as a bar on the scale of the slowest turn beside it. */
function firstSpeechBar(milliseconds, slowest) {
  const label = milliseconds === null ? "No speech" : `First speech ${duration(milliseconds)}`;
  const bar = svgElement("svg", { class: "bar-picture", role: "img", "aria-label": label, viewBox: `0 0 ${pictureWidth} 10`, preserveAspectRatio: "none" },
    svgElement("rect", { class: "waiting", x: 0, y: 2, width: pictureWidth, height: 6 }));
  if (milliseconds !== null) {
    bar.append(svgElement("rect", {
      class: "waited", x: 0, y: 2, width: Math.max(4, Math.min(pictureWidth, (milliseconds / slowest) * pictureWidth)), height: 6,
    }));
  }
  return element("div", { className: "times" }, bar, element("span", { className: "note", ariaHidden: "true" }, label));
}

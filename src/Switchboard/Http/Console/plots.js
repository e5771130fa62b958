// Plots of a day, hour by hour, drawn by uPlot. Each is a picture to look at, a slider for the keyboard and for those who listen, and a table.

const plotHeight = 190;

// Counts have no halves.
const wholeSteps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** "1,234" and "1.2 M". */
function figure(number) {
  return number >= 1e6 ? `${(number / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} M` : number.toLocaleString("en", { maximumFractionDigits: 0 });
}

/** "300 k", as short as an axis needs it. */
function shortFigure(number) {
  return number >= 1e6 ? `${number / 1e6} M` : number >= 1e4 ? `${number / 1e3} k` : number.toLocaleString("en");
}

/** In the money of the settings, which has no name there. */
function money(amount) {
  return amount.toLocaleString("en", amount >= 100 ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: amount >= 1 ? 2 : 4 });
}

/** "14:00"; what came after the day's midnight is one more hour. */
function hourName(hour) {
  return hour === 24 ? "later" : `${String(hour).padStart(2, "0")}:00`;
}

function hourSpan(hour) {
  return hour === 24 ? "After midnight" : `${hourName(hour)} to ${String(hour + 1).padStart(2, "0")}:00 UTC`;
}

/**
 * One plot with its heading, its legend, which tells the figures of the hour that is pointed at, and its table.
 *
 * Series: {name, colour, of(hour), text(value), line, right, open(hour)}; bars stand on each other. A series that opens nothing leaves it to the plot's own open(hour).
 */
class HourPlot {
  #spec;
  #hours = [];
  #plot = null;
  #chosen = null;
  #picture;
  #values = [];
  #span = element("p", { className: "note span" });
  #place;

  constructor(spec) {
    this.#spec = spec;
    this.#picture = element("div", {
      className: "picture", role: "slider", tabIndex: 0, "aria-label": `${spec.title}, by the hour`, "aria-orientation": "horizontal",
    });
    const heading = `plot-${spec.id}`;
    this.#place = element("section", { className: "plot", "data-plot": spec.id, "aria-labelledby": heading });
    this.#picture.addEventListener("keydown", (event) => this.#press(event));
    this.#picture.addEventListener("blur", () => this.#choose(null));
    this.#picture.addEventListener("focus", () => this.#choose(this.#chosen ?? this.#busiest()));
    this.#place.append(
      element("header", {}, element("h3", { id: heading }, spec.title), this.#span, this.#legend()),
      this.#picture,
      element("details", { className: "figures" }, element("summary", {}, "Table"), element("div", { className: "wide-table" })));
    new ResizeObserver(() => this.#resize()).observe(this.#picture);
  }

  get element() {
    return this.#place;
  }

  /** @param total The figures of the whole day. */
  show(hours, total) {
    this.#hours = hours;
    this.#total = total;
    this.#picture.ariaValueMin = "0";
    this.#picture.ariaValueMax = String(hours.length - 1);
    this.draw();
    this.#place.querySelector(".wide-table").replaceChildren(this.#table());
  }

  /** Anew: sizes and colours may have changed. */
  draw() {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#hours.length > 0 && this.#picture.clientWidth > 0) {
      this.#plot = new uPlot(this.#options(), this.#data(), this.#picture);
      this.#plot.over.addEventListener("click", (event) => this.#click(event));
    }
    this.#choose(this.#chosen);
  }

  #total = null;

  #resize() {
    const width = this.#picture.clientWidth;
    if (!this.#plot || this.#plot.width !== width) {
      this.draw();
    }
  }

  get #bars() {
    return this.#spec.series.filter(({ line }) => !line);
  }

  get #lines() {
    return this.#spec.series.filter(({ line }) => line);
  }

  /** The highest bar first, so that the lower ones are drawn over it. */
  #data() {
    const sums = this.#hours.map(() => 0);
    const stacks = this.#bars.map(({ of }) => this.#hours.map((hour, index) => (sums[index] += of(hour) ?? 0)));
    return [this.#hours.map(({ hour }) => hour), ...stacks.reverse(), ...this.#lines.map(({ of }) => this.#hours.map((hour) => of(hour)))];
  }

  #options() {
    const style = getComputedStyle(this.#place);
    const colour = (name) => style.getPropertyValue(`--plot-${name}`).trim();
    const ink = style.getPropertyValue("--muted").trim();
    const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
    const axis = { stroke: ink, font: "11px system-ui, sans-serif", size: 46, gap: 4, ticks: { show: false } };
    const upTo = (most) => [0, most > 0 ? most * 1.08 : 1];
    const right = this.#spec.series.find((series) => series.right);
    return {
      width: this.#picture.clientWidth,
      height: plotHeight,
      padding: [8, right ? 0 : 12, 0, 0],
      legend: { show: false },
      scales: { x: { time: false, range: () => [-0.6, this.#hours.length - 0.4] }, y: { range: (_, _least, most) => upTo(most) }, right: { range: (_, _least, most) => upTo(most) } },
      axes: [
        { ...axis, size: 24, grid: { show: false }, splits: () => this.#marks(), values: (_, marks) => marks.map(hourName) },
        { ...axis, grid, incrs: wholeSteps, values: (_, marks) => marks.map(this.#spec.axis ?? shortFigure) },
        ...(right ? [{ ...axis, scale: "right", side: 1, grid: { show: false }, stroke: colour(right.colour), incrs: right.incrs ?? wholeSteps, values: (_, marks) => marks.map(right.axis ?? shortFigure) }] : []),
      ],
      cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
      hooks: { setCursor: [(plot) => document.activeElement === this.#picture && plot.cursor.idx === null || this.#tell(plot.cursor.idx)] },
      series: [
        {},
        ...this.#bars.map((series) => ({ scale: "y", fill: colour(series.colour), stroke: colour(series.colour), width: 0, paths: uPlot.paths.bars({ size: [0.7, 34] }), points: { show: false } })).reverse(),
        ...this.#lines.map((series) => ({
          scale: series.right ? "right" : "y", stroke: colour(series.colour), width: 2, dash: series.dash, points: { show: true, size: 5, fill: colour(series.colour), stroke: colour(series.colour) },
        })),
      ],
    };
  }

  #marks() {
    const step = this.#picture.clientWidth < 420 ? 6 : 3;
    return this.#hours.map(({ hour }) => hour).filter((hour) => hour % step === 0);
  }

  #busiest() {
    return this.#hours.reduce((best, hour, index) => (hour.turns > this.#hours[best].turns ? index : best), 0);
  }

  #press(event) {
    const last = this.#hours.length - 1;
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 6, PageDown: -6, Home: -last, End: last };
    if (event.key in moves) {
      event.preventDefault();
      this.#choose(Math.max(0, Math.min(last, (this.#chosen ?? this.#busiest()) + moves[event.key])));
    } else if (event.key === "Enter" && this.#chosen !== null) {
      this.#open(this.#hours[this.#chosen], null);
    }
  }

  /** Puts the cursor on an hour; null takes it away. */
  #choose(index) {
    this.#chosen = index;
    this.#plot?.setCursor(index === null ? { left: -10, top: -10 } : { left: this.#plot.valToPos(this.#hours[index].hour, "x"), top: 10 });
    this.#tell(index);
  }

  /** What the hour comes to, else the day. */
  #tell(index) {
    const hour = index === null || index === undefined ? null : this.#hours[index];
    if (hour) {
      this.#chosen = index;
    }
    const texts = this.#spec.series.map(({ of, text }) => valueText(of(hour ?? this.#total ?? {}), text));
    texts.forEach((text, series) => {
      this.#values[series].textContent = text;
    });
    this.#span.textContent = hour ? hourSpan(hour.hour) : "the day";
    this.#picture.ariaValueNow = String(index ?? 0);
    this.#picture.ariaValueText = `${hour ? hourSpan(hour.hour) : "The day"}: ${this.#spec.series.map(({ name }, series) => `${name} ${texts[series]}`).join(", ")}`;
  }

  // Not where the cursor is: the focus, which a click brings, has moved it.
  #click({ clientX, clientY }) {
    const { left, top } = this.#plot.over.getBoundingClientRect();
    const hour = this.#hours[Math.round(this.#plot.posToVal(clientX - left, "x"))];
    if (!hour) {
      return;
    }
    // The bar of the stack that was hit; above all of them it is the hour that is meant.
    const value = this.#plot.posToVal(clientY - top, "y");
    let sum = 0;
    this.#open(hour, this.#bars.find(({ of }) => value <= (sum += of(hour) ?? 0)) ?? null);
  }

  #open(hour, series) {
    if (hour.turns > 0) {
      (series?.open ?? this.#spec.open)(hour);
    }
  }

  #legend() {
    return element("ul", { className: "legend", role: "list" }, ...this.#spec.series.map(({ name, colour, line }) => {
      const value = element("b", {});
      this.#values.push(value);
      return element("li", {}, element("span", { className: line ? "swatch line" : "swatch", "data-colour": colour }), `${name} `, value);
    }));
  }

  /** The hours in which something came, and the day. */
  #table() {
    const { title, series, open } = this.#spec;
    const row = (name, figures, isHour) => element("tr", {},
      element("th", { scope: "row" }, isHour ? openButton(name, `Calls of ${hourSpan(figures.hour)}`, () => open(figures)) : name),
      ...series.map((column) => {
        const value = column.of(figures);
        const text = valueText(value, column.text);
        return element("td", {}, isHour && column.open && value > 0 ? openButton(text, `${text} ${column.name}, ${hourSpan(figures.hour)}: show the calls`, () => column.open(figures)) : text);
      }));
    return element("table", {}, element("caption", { className: "unseen" }, `${title}, by the hour (UTC)`),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Hour (UTC)"), ...series.map(({ name }) => textElement("th", { scope: "col" }, name)))),
      element("tbody", {}, ...this.#hours.filter(({ turns }) => turns > 0).map((hour) => row(hourName(hour.hour), hour, true))),
      element("tfoot", {}, row("Day", this.#total, false)));
  }
}

function valueText(value, text) {
  return value === null || value === undefined ? "–" : text(value);
}

/** A figure that leads to the calls behind it. */
function openButton(text, label, open) {
  const button = element("button", { type: "button", className: "link", title: label, ariaLabel: label.startsWith(text) ? label : `${text}: ${label}` }, text);
  button.addEventListener("click", open);
  return button;
}

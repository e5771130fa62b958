// Reads an event stream piece by piece: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

class EventStreamParser {
  #line = "";
  #afterReturn = false;
  #data = [];
  #raw = [];

  /** Takes text as it arrives and returns the frames that it completes: {data, raw}; data is null for comments. */
  push(text) {
    const frames = [];
    for (const part of text.split(/(\r\n|\r|\n)/)) {
      if (part === "\r" || part === "\n" || part === "\r\n") {
        // A line feed that only now follows its carriage return ends no further line.
        if (!(part === "\n" && this.#afterReturn)) {
          this.#endLine(frames);
        }
        this.#afterReturn = part === "\r";
      } else if (part !== "") {
        this.#line += part;
        this.#afterReturn = false;
      }
    }
    return frames;
  }

  /** What stands there unfinished when the stream ends; null for nothing. By the standard it is no event. */
  rest() {
    const left = [...this.#raw, this.#line].filter((line) => line !== "");
    return left.length > 0 ? left.join("\n") : null;
  }

  #endLine(frames) {
    const line = this.#line;
    this.#line = "";
    if (line === "") {
      if (this.#raw.length > 0) {
        frames.push({ data: this.#data.length > 0 ? this.#data.join("\n") : null, raw: this.#raw.join("\n") });
      }
      this.#data = [];
      this.#raw = [];
      return;
    }
    this.#raw.push(line);
    const colon = line.indexOf(":");
    if ((colon < 0 ? line : line.slice(0, colon)) === "data") {
      this.#data.push(colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, ""));
    }
  }
}

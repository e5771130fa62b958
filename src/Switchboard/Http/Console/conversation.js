// A call as the platform keeps it: what identifies it, and the history that goes out with each turn.

// The workflow keeps at most this many records (IMS manual, "Access LLMs", parameter messages).
const mostRecords = 20;

// Stands in the history where the caller interrupted.
const interruptedMark = "<ims_agent_interrupted>";

class Conversation {
  #records = [];

  // What was said last in the history, while the caller can still interrupt it.
  #answer = null;

  /** An id like those of the platform: 32 hexadecimal digits. crypto.randomUUID is there only on https and localhost. */
  static newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** The system message; it stands before all others, and the platform does not count it. */
  system = "";

  /** What the platform says before the caller has said anything; later it is too late for a greeting. */
  greet(text) {
    if (!this.#records.some((record) => record.role === "user")) {
      this.clear();
      this.#remember(text);
    }
  }

  heard(speech) {
    this.#answer = null;
    this.#records.push({ role: "user", content: speech });
  }

  /** The turn reached nobody, so that it may be tried again. */
  takeBack() {
    this.#records.pop();
  }

  answered(text) {
    this.#remember(text);
  }

  /** @param heard What of the answer the caller heard. */
  interrupted(heard) {
    this.#remember(heard + interruptedMark);
  }

  clear() {
    this.#records = [];
    this.#answer = null;
  }

  get messages() {
    return [...(this.system ? [{ role: "system", content: this.system }] : []), ...this.#records.slice(-mostRecords)];
  }

  #remember(content) {
    if (this.#answer) {
      this.#answer.content = content;
    } else if (content) {
      this.#answer = { role: "assistant", content };
      this.#records.push(this.#answer);
    }
  }
}

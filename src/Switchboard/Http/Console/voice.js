// Speech out, where the browser has it.

const sentenceEnd = /[.!?…]["'”’)\]]*\s+|[。！？]["'”’）」』]*|\n+/;

// Browsers guess no language: without one Chinese is read by an English voice, which says nothing.
const spokenLanguages = [[/\p{sc=Hira}|\p{sc=Kana}/u, "ja-JP"], [/\p{sc=Han}/u, "zh-CN"], [/\p{sc=Hang}/u, "ko-KR"], [/\p{sc=Arab}/u, "ar"], [/\p{sc=Cyrl}/u, "ru-RU"]];

/** Reads an answer aloud while it comes, sentence by sentence. */
class Voice {
  static available = "speechSynthesis" in window;

  #rest = "";
  #waiting = 0;
  #changed;

  /** What of the answer has been begun to be said: what the caller heard. */
  heard = "";

  constructor(changed) {
    this.#changed = changed;
  }

  get speaking() {
    return this.#waiting > 0;
  }

  push(text) {
    this.#rest += text;
    for (let end = sentenceEnd.exec(this.#rest); end; end = sentenceEnd.exec(this.#rest)) {
      this.#say(this.#rest.slice(0, end.index + end[0].length));
      this.#rest = this.#rest.slice(end.index + end[0].length);
    }
  }

  finish() {
    this.#say(this.#rest);
    this.#rest = "";
  }

  cancel() {
    this.#rest = "";
    this.#waiting = 0;
    speechSynthesis.cancel();
    this.#changed();
  }

  #say(sentence) {
    if (sentence.trim() === "") {
      return;
    }
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.lang = spokenLanguages.find(([script]) => script.test(sentence))?.[1] ?? "";
    utterance.onstart = () => {
      this.heard += sentence;
    };
    utterance.onend = utterance.onerror = ({ error } = {}) => {
      this.#waiting = Math.max(0, this.#waiting - 1);
      this.#changed();
      if (error && error !== "canceled" && error !== "interrupted") {
        showFailure(byId("say-error"), voiceFailure(error));
      }
    };
    this.#waiting++;
    this.#changed();
    speechSynthesis.speak(utterance);
  }
}

// Speech in, where the browser has it.

/** Hears one thing that the caller says. */
class Dictation {
  static #Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  static available = Boolean(Dictation.#Recognition);

  #recognition = null;
  #show;

  /** @param show Is told what happens: began(), text(text, final), ended(error), where error is null or the browser's word for it. */
  constructor(show) {
    this.#show = show;
  }

  get listening() {
    return this.#recognition !== null;
  }

  start() {
    const recognition = new Dictation.#Recognition();
    let error = null;
    recognition.lang = navigator.language;
    recognition.interimResults = true;
    recognition.onspeechstart = () => this.#show.began();
    recognition.onresult = ({ results }) => {
      const heard = [...results].map((result) => result[0].transcript).join("");
      this.#show.text(heard, [...results].every((result) => result.isFinal));
    };
    recognition.onerror = (event) => {
      error = event.error;
    };
    recognition.onend = () => {
      this.#recognition = null;
      this.#show.ended(error);
    };
    recognition.start();
    this.#recognition = recognition;
  }

  stop() {
    this.#recognition?.stop();
  }
}

/**
 * Shows the button "Dictate" where the browser can listen.
 * @param began Is called when the caller begins to speak.
 * @param heard Is called with what was understood so far, and whether that is all.
 */
function offerDictation(began, heard) {
  const button = byId("dictate");
  const dictation = Dictation.available && new Dictation({
    began,
    text: (text, final) => {
      if (final) {
        dictation.stop();
      }
      heard(text, final);
    },
    ended: (error) => {
      button.setAttribute("aria-pressed", "false");
      showFailure(byId("say-error"), error && error !== "aborted" ? dictationFailure(error) : null);
    },
  });
  button.hidden = !Dictation.available;
  button.addEventListener("click", () => {
    if (dictation.listening) {
      dictation.stop();
    } else {
      try {
        dictation.start();
        button.setAttribute("aria-pressed", "true");
      } catch (fault) {
        // Thrown while the one before is still ending.
        showFailure(byId("say-error"), dictationFailure(fault.name));
      }
    }
  });
}

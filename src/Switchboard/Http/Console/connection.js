// The form "Connection": which key asks, and which model answers.

class Connection {
  #form = byId("connection");
  #key = byId("api-key");
  #model = byId("model");

  constructor() {
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const focus = focusLater();
      if (await this.connect()) {
        focus(byId("speech"));
      }
    });
    addEventListener("hashchange", () => this.#takeKey());
    this.#takeKey();
  }

  /** The key of the sample, which LocalHost prints in the link to this page: taken out of the address and its history, and asked with. */
  #takeKey() {
    if (!location.hash.startsWith("#key=")) {
      return;
    }
    const key = new URLSearchParams(location.hash.slice(1)).get("key");
    history.replaceState(null, "", location.href.split("#")[0]);
    // On this machine only: elsewhere a link could have people ask with the key of whoever made it.
    if (["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) {
      this.#key.value = key;
      this.#form.requestSubmit();
    }
  }

  /** Kept nowhere else than in its field. */
  get key() {
    return this.#key.value.trim();
  }

  get model() {
    return this.#model.value;
  }

  get ready() {
    return this.model !== "";
  }

  /** Fills the list of models; whether that worked. */
  async connect() {
    const focus = focusLater();
    showFailure(byId("connection-error"), null);
    byId("connect").disabled = true;
    try {
      this.#fill(await listModels(this.key));
      return true;
    } catch (fault) {
      showFailure(byId("connection-error"), fault);
      focus(this.#key);
      return false;
    } finally {
      byId("connect").disabled = false;
    }
  }

  #fill(models) {
    const chosen = this.model;
    this.#model.replaceChildren(...models.map((id) => element("option", { value: id }, id)));
    this.#model.disabled = false;
    if (models.includes(chosen)) {
      this.#model.value = chosen;
    }
    announce(`Connected. ${counted(models.length, "model")}: ${models.join(", ")}.`);
  }
}

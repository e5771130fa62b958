// The fields "Call data": what the platform says about the call beside OpenAI's fields.

const callDataFields = {
  instanceId: "instance-id",
  channelId: "channel-id",
  sentenceId: "sentence-id",
  callerNumber: "caller-number",
  calleeNumber: "callee-number",
  userData: "user-data",
};

class CallData {
  /** @param changed Is called when the greeting or the system message is another. */
  constructor(changed) {
    for (const id of ["greeting", "system"]) {
      byId(id).addEventListener("change", changed);
    }
    byId("call-data").addEventListener("submit", (event) => event.preventDefault());
    byId("user-data").addEventListener("input", () => this.#checkUserData());
    byId("channel-id").value = "console";
    this.newCall();
  }

  get values() {
    return Object.fromEntries(Object.entries(callDataFields).map(([name, id]) => [name, byId(id).value.trim()]));
  }

  /** What the platform says and orders before the caller speaks. */
  get greeting() {
    return byId("greeting").value.trim();
  }

  get system() {
    return byId("system").value.trim();
  }

  /** With it the platform tells the server that the caller has hung up; "" for a platform that does not tell. */
  get callbackToken() {
    return byId("callback-token").value.trim();
  }

  /** The platform can add these to the address only. */
  get query() {
    return { task_id: byId("task-id").value.trim(), room_id: byId("room-id").value.trim() };
  }

  newCall() {
    byId("instance-id").value = Conversation.newId();
    byId("sentence-id").value = "1";
  }

  /** The next turn; an id that is no number is left as it was typed. */
  nextSentence() {
    const field = byId("sentence-id");
    if (/^\d{1,9}$/.test(field.value.trim())) {
      field.value = String(Number(field.value) + 1);
    }
  }

  #checkUserData() {
    const note = byId("user-data-note");
    const text = byId("user-data").value.trim();
    try {
      JSON.parse(text || "{}");
      note.textContent = "JSON, which the platform sends as text.";
    } catch {
      note.textContent = "This is not JSON: it is sent as it stands.";
    }
  }
}

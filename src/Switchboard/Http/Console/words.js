// What went wrong, in words for people: what it is, and what can be done about it. The codes are those of the server
// (docs/contract.md, "Errors") and of the browser's speech; they stand beside the words for whoever searches a log for them.

/** How a turn or a call ended, the worst first: a short name, and what the caller had of it. */
const outcomes = {
  failed: ["failed", "The caller heard no answer, or only its beginning."],
  apologised: ["apologised", "The caller heard the apology in the place of an answer, or of its end."],
  stopped: ["stopped", "The server was stopped while it answered: the answer ended with what had been said."],
  refused: ["refused", "The request was turned away: no model was asked."],
  caller_left: ["caller left", "The caller hung up, spoke on, or did not listen to the end."],
  completed: ["completed", ""],
  no_turn: ["no turn", "The platform told of the call, but no turn of it was asked for."],
};

const errors = {
  access_unavailable: ["The server lets nobody in yet", "It has no keys, or cannot load them: its log says why."],
  call_not_found: ["This call is not stored", "It was deleted, or kept for no longer, or belongs to another server."],
  callbacks_off: ["The server takes no callbacks", "It knows no callback token to compare this one with."],
  internal_error: ["The server made a mistake", "Its log says which, under the id of this request."],
  invalid_api_key: ["This key is not accepted", "Is it the API key of this very server? LocalHost prints the sample's when it starts; one of your own is where you set it (Access:ApiKeys), in Azure in the key vault."],
  invalid_json: ["The server could not read the request", "Something between this page and the server may have changed it."],
  invalid_value: ["The server does not take one of the values", "Change the one that is named here, and try again."],
  missing_required_parameter: ["Something is missing", "Fill in what is named here, and try again."],
  model_not_found: ["This model is not there any more", "Connect again to see which there are."],
  rate_limit_exceeded: ["Too much at once", "The server, or this key, has reached its limit. Wait a moment, and try again."],
  request_timeout: ["The request came too slowly", "The connection may be bad. Try again."],
  request_too_large: ["This is more than the server takes", "Say less in one turn; a new call begins with an empty history."],
  server_stopping: ["The server is being stopped", "Another one takes over in a moment. Try again."],
  transcripts_off: ["No calls are kept here", "Transcripts:TableServiceUri or Transcripts:ConnectionString says where they are to be kept."],
  transcripts_unavailable: ["The calls cannot be read right now", "The storage that keeps them does not answer. Turns are answered as ever. Try again."],
  unknown_host: ["The server does not answer at this address", "Open the page at localhost or 127.0.0.1, or let the server know the address."],
  unsupported_media_type: ["The server could not read the request", "Something between this page and the server may have changed it."],
  unsupported_value: ["The server does not take one of the values", "Change the one that is named here, and try again."],
  upstream_error: ["The model could not answer", "No service behind the server gave an answer. The server's log says what each one did, under the id of this request."],
  upstream_timeout: ["The model took too long", "No service behind the server spoke in time."],
};

// Where the answer is not the server's own: a host or a proxy before it has one of its own.
const statuses = {
  401: ["Somebody wants to know who you are", "A gate before the server asks for a sign-in or a key of its own."],
  403: ["You may not come in from here", "A gate before the server, such as a list of addresses, turns this connection away."],
  404: ["There is no Switchboard at this address", "Open the page at the address of the server itself."],
  413: errors.request_too_large,
  429: errors.rate_limit_exceeded,
  500: errors.internal_error,
  502: ["The server does not answer", "The gateway before it is there, the server behind it is not. It may be starting: try again."],
  503: ["The server is not ready", "It may be starting or stopping. Try again."],
  504: ["The server took too long", "The gateway before it gave up waiting. Try again."],
};

// https://developer.mozilla.org/docs/Web/API/SpeechRecognitionErrorEvent/error
const dictationErrors = {
  "not-allowed": ["The microphone is blocked for this page", "Allow it beside the address of the page, and press Dictate again."],
  "service-not-allowed": ["Dictation is turned off", "This browser, or the settings of this device, do not allow it."],
  "audio-capture": ["There is no microphone", "The browser finds none, or another program holds it."],
  "no-speech": ["Nothing was heard", "Press Dictate and speak. Is the right microphone chosen?"],
  "network": ["Dictation is out of reach", "The browser asks its maker over the internet, and gets no answer."],
  "language-not-supported": ["The browser cannot follow your language", "Choose another language for the browser, or type."],
};

// https://developer.mozilla.org/docs/Web/API/SpeechSynthesisErrorEvent/error
const voiceErrors = {
  "not-allowed": "The browser reads nothing aloud before you have clicked in the page.",
  "audio-busy": "Another program holds the loudspeaker.",
  "audio-hardware": "There is no loudspeaker.",
  "network": "The voice comes over the internet, and does not answer.",
  "synthesis-unavailable": "This device has no voice.",
  "language-unavailable": "This device has no voice for the language of the answer.",
  "voice-unavailable": "The voice of this device is gone.",
};

// An own property: a server may send any word as a code, also one that every object has.
function wordsFor(table, code) {
  return code !== null && code !== undefined && Object.hasOwn(table, code) ? table[code] : null;
}

function outcomeName(outcome) {
  return wordsFor(outcomes, outcome)?.[0] ?? String(outcome).replaceAll("_", " ");
}

/** The worse of two outcomes. */
function worst(one, other) {
  const order = Object.keys(outcomes);
  return order.indexOf(other) < order.indexOf(one) ? other : one;
}

/** What went wrong, ready to be shown: a short title, a sentence, and for those who look it up the code, the server's own words and the request. */
class Failure extends Error {
  constructor(title, message, { status = null, code = null, param = null, detail = null, retryAfter = null, requestId = null } = {}) {
    super(message);
    Object.assign(this, { title, status, code, param, detail, retryAfter, requestId });
  }

  /** @param error OpenAI's error object, of an answer or of an event in a stream. */
  static of(error, { status = null, retryAfter = null, requestId = null } = {}) {
    const code = error.code ?? error.type ?? null;
    const [title, message] = wordsFor(errors, code) ?? wordsFor(statuses, status) ?? ["Something went wrong", "The server says:"];
    const detail = [status, code, error.message].filter((part) => part || part === 0).join(" ");
    return new Failure(title, message, { status, code, param: error.param ?? null, detail, retryAfter, requestId });
  }

  /** Whether the same request would be answered the same: then nothing was asked of a model. */
  get isRefusal() {
    return (this.status >= 400 && this.status < 500) || this.code === "access_unavailable" || this.code === "server_stopping";
  }
}

function dictationFailure(error) {
  const [title, message] = wordsFor(dictationErrors, error) ?? ["Nothing was understood", "The browser gave up listening. Try again, or type."];
  const secure = error === "not-allowed" && !isSecureContext ? " Browsers give it only to pages over https, or at localhost." : "";
  return new Failure(title, message + secure, { detail: error });
}

function voiceFailure(error) {
  return new Failure("The answer is not read aloud", wordsFor(voiceErrors, error) ?? "The voice of this device failed.", { detail: error });
}

// Asks the server that this page came from, also where it stands below a prefix or the address ends in a slash.

// Never from the path alone: one that begins with two slashes would name another host.
const pageAddress = new URL(location.href);
pageAddress.pathname = pageAddress.pathname.replace(/\/+$/, "");

// The function key of a host that demands one; whoever opens the page has put it into the address.
const functionKey = pageAddress.searchParams.get("code");

/** What went wrong, ready to be shown: a short title, a sentence, the field at fault. */
class Failure extends Error {
  constructor(title, message, { status = null, code = null, param = null } = {}) {
    super(message);
    this.title = title;
    this.status = status;
    this.code = code;
    this.param = param;
  }

  /** @param error OpenAI's error object, of an answer or of an event in a stream. */
  static of(error, status = null) {
    const title = [status, error.code ?? error.type].filter(Boolean).join(" ");
    return new Failure(title || "Error", String(error.message ?? "The server gave no reason."), { status, code: error.code, param: error.param });
  }
}

async function ask(path, key, { query = {}, body = null, signal = null } = {}) {
  // Anything else would make fetch throw before it asks, with a sentence that helps nobody.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new Failure("No key", key === "" ? "Type the key in first." : "A key has no spaces and no letters beyond ASCII: was something else pasted?", { status: 401 });
  }
  const address = new URL(path, pageAddress);
  for (const [name, value] of Object.entries(query)) {
    if (value) {
      address.searchParams.set(name, value);
    }
  }
  const headers = { Authorization: `Bearer ${key}` };
  if (functionKey) {
    headers["x-functions-key"] = functionKey;
  }
  if (body) {
    headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(address, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), signal, cache: "no-store", redirect: "error" });
  } catch (fault) {
    if (fault.name === "AbortError") {
      throw fault;
    }
    throw new Failure("No connection", "The server cannot be reached. Does it still run?");
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

async function refusal(response) {
  const text = await response.text();
  const wait = response.headers.get("Retry-After");
  const failure = Failure.of(errorIn(text) ?? { message: text.slice(0, 300) || response.statusText }, response.status);
  failure.message += wait ? ` Try again in ${wait} s.` : "";
  return failure;
}

function errorIn(text) {
  try {
    const { error } = JSON.parse(text);
    return error && typeof error === "object" ? error : null;
  } catch {
    // A proxy on the way answers in HTML.
    return null;
  }
}

async function askJson(path, key, details) {
  const response = await ask(path, key, details);
  try {
    return await response.json();
  } catch (fault) {
    if (fault.name === "AbortError") {
      throw fault;
    }
    throw new Failure("Not JSON", "The answer is not from Switchboard. Does a proxy stand between?");
  }
}

async function listModels(key) {
  const { data } = await askJson("v1/models", key);
  return data.map((model) => model.id);
}

/** A page of a day's calls: {day, calls, continue}. */
function listCalls(key, day, next, signal) {
  return askJson("calls", key, { query: { day, continue: next }, signal });
}

function readCall(key, instanceId, signal) {
  return askJson(`calls/${encodeURIComponent(instanceId)}`, key, { signal });
}

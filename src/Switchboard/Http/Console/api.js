// Asks the server that this page came from, also where it stands below a prefix or the address ends in a slash.

// Never from the path alone: one that begins with two slashes would name another host.
const pageAddress = new URL(location.href);
pageAddress.pathname = pageAddress.pathname.replace(/\/+$/, "");

// The function key of a host that demands one; whoever opens the page has put it into the address.
const functionKey = pageAddress.searchParams.get("code");

async function ask(path, key, { method = null, query = {}, body = null, headers: more = {}, signal = null } = {}) {
  // Anything else would make fetch throw before it asks, with a sentence that helps nobody.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw key === ""
      ? new Failure("No key", "Type the key in first.", { status: 401 })
      : new Failure("This is no key", "A key has no spaces and no letters beyond ASCII: was something else pasted?", { status: 401 });
  }
  const address = new URL(path, pageAddress);
  for (const [name, value] of Object.entries(query)) {
    if (value) {
      address.searchParams.set(name, value);
    }
  }
  const headers = { Authorization: `Bearer ${key}`, ...more };
  if (functionKey) {
    headers["x-functions-key"] = functionKey;
  }
  if (body) {
    headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(address, { method: method ?? (body ? "POST" : "GET"), headers, body: body && JSON.stringify(body), signal, cache: "no-store", redirect: "error" });
  } catch (fault) {
    if (fault.name === "AbortError") {
      throw fault;
    }
    throw unreachable();
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

// A browser tells no page why: the server is gone, the network is, or something on the way sends it elsewhere, as a sign-in does.
function unreachable() {
  return navigator.onLine
    ? new Failure("The server cannot be reached", "It may have been stopped, or something on the way asks for a sign-in: reload the page to see.")
    : new Failure("This device is offline", "Connect it to the network, and try again.");
}

async function refusal(response) {
  let text = "";
  try {
    text = await response.text();
  } catch (fault) {
    if (fault.name === "AbortError") {
      throw fault;
    }
    // The status says enough.
  }
  return Failure.of(errorIn(text) ?? {}, { status: response.status, retryAfter: secondsUntil(response.headers.get("Retry-After")), requestId: response.headers.get("x-request-id") });
}

/** Of seconds or a date, as https://www.rfc-editor.org/rfc/rfc9110#name-retry-after has it; null for neither. */
function secondsUntil(text) {
  const seconds = /^\d+$/.test(text ?? "") ? Number(text) : Math.ceil((Date.parse(text ?? "") - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
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
    throw new Failure("This answer is not Switchboard’s", "Something between this page and the server answers in its place.", { detail: "The answer is not JSON." });
  }
}

async function listModels(key) {
  const { data } = await askJson("v1/models", key);
  return data.map((model) => model.id);
}

/** A page of the calls that are asked for: {day, calls, continue}. */
function listCalls(key, query, signal) {
  return askAsOperator("calls", key, { query, signal });
}

function readCall(key, instanceId, signal) {
  return askAsOperator(callPath(instanceId), key, { signal });
}

/** What the calls of a day come to; an empty model is all of them. */
function readOverview(key, day, model, signal) {
  return askAsOperator("calls/overview", key, { query: { day, model }, signal });
}

/** Whether it was still there. */
async function eraseCall(key, instanceId) {
  try {
    await ask(callPath(instanceId), key, { method: "DELETE" });
    return true;
  } catch (fault) {
    if (fault.code === "call_not_found") {
      return false;
    }
    throw forOperators(fault);
  }
}

function callPath(instanceId) {
  return `calls/${encodeURIComponent(instanceId)}`;
}

async function askAsOperator(path, key, details) {
  try {
    return await askJson(path, key, details);
  } catch (fault) {
    throw forOperators(fault);
  }
}

/** The same refusal means another key here. */
function forOperators(fault) {
  return fault.code === "invalid_api_key"
    ? new Failure("This key does not open the calls", "They need an operator key, which is another than the API key of the platform. LocalHost prints the one that it makes when it starts; one of your own is where you set it (Access:OperatorKeys), in Azure in the key vault.", fault)
    : fault;
}

/** Tells what the platform tells when the caller hangs up: https://www.alibabacloud.com/help/en/ims/user-guide/agent-callback */
function tellHangUp(token, { instanceId, channelId }) {
  return ask("ims/events", token, { body: { event: "agent_stop", instanceId, channelId, code: "1002", message: "The user left", timestamp: new Date().toISOString() } });
}

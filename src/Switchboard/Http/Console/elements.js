// Finds and makes the elements of the page; nothing here takes markup.

function byId(id) {
  return document.getElementById(id);
}

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) {
      made[key] = value;
    } else {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

function svgElement(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/**
 * Remembers where the focus is before something that takes its time, and gives what moves it then: unless the person has gone on to something
 * else meanwhile. Whoever types a key must not find the rest of it in another field.
 */
function focusLater() {
  const before = document.activeElement;
  const { value } = before;
  return (target) => {
    // A control that is turned off drops the focus.
    if (document.activeElement === document.body || (document.activeElement === before && before.value === value)) {
      target.focus();
    }
  };
}

/** Says something once to those who listen to the page. */
function announce(text) {
  byId("status").replaceChildren();
  appendText(byId("status"), text);
}

/** Shows what went wrong, once; null takes it away. */
function showFailure(target, failure) {
  target.replaceChildren(...(failure ? [failureElement(failure)] : []));
}

function failureElement(failure) {
  const known = failure instanceof Failure;
  const shown = element("div", { className: "alert", role: "alert" }, textElement("strong", {}, known ? failure.title : "The page made a mistake"), " ");
  appendText(shown, known ? failure.message : "Reload it.");
  if (failure.param) {
    shown.append(" ", textElement("code", {}, failure.param));
  }
  const detail = known ? failure.detail : String(failure);
  const wait = failure.retryAfter === null || failure.retryAfter === undefined ? null : `Try again in ${failure.retryAfter} s.`;
  if (detail || wait) {
    const line = textElement("p", { className: "detail" }, [detail, wait].filter(Boolean).join(" "));
    shown.append(line);
  }
  if (failure.requestId) {
    shown.append(requestElement(failure.requestId));
  }
  return shown;
}

/** The id by which the server's log and traces know a request, to be copied. */
function requestElement(requestId) {
  return element("p", { className: "request", "data-part": "request" }, "Request ", textElement("code", {}, requestId), " ", copyButton(requestId, "request id"));
}

function copyButton(text, name) {
  const button = element("button", { type: "button", className: "copy", ariaLabel: `Copy the ${name}` }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce(`The ${name} is copied.`);
      button.textContent = "Copied";
    } catch {
      // Pages without https have no clipboard: then it is chosen, ready for the keys that copy.
      getSelection().selectAllChildren(button.previousElementSibling);
      announce(`The ${name} is selected: copy it by Ctrl+C.`);
    }
  });
  return button;
}

/** Asks in the page whether something that cannot be taken back shall be done. */
function confirmed(title, text, yes) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-text").replaceChildren();
  appendText(byId("confirm-text"), text);
  byId("confirm-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

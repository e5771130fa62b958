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

/** Says something once to those who listen to the page. */
function announce(text) {
  byId("status").replaceChildren();
  appendText(byId("status"), text);
}

/** Shows what went wrong; null takes it away. */
function showFailure(target, failure) {
  target.replaceChildren(...(failure ? [failureElement(failure)] : []));
}

function failureElement(failure) {
  const shown = element("div", { className: "alert", role: "alert" }, textElement("strong", {}, failure.title ?? "Fault in the console"), " ");
  appendText(shown, failure.message);
  if (failure.param) {
    shown.append(" ", textElement("code", {}, failure.param));
  }
  return shown;
}
